# SPDX-License-Identifier: Apache-2.0
"""What several modules take and return."""
from __future__ import annotations

import os
from typing import Any

import numpy as np

Path = str | os.PathLike[str]
Array = np.ndarray[Any, Any]
