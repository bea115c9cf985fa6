// SPDX-License-Identifier: Apache-2.0
// Which kernels OpenBLAS runs on. Call first thing in main().
#pragma once

namespace deltaw {

// OpenBLAS chooses its kernels by the processor's model when it is loaded; for a model newer than
// itself it takes those of AVX2, even where there is AVX-512, or of SSE3, which are a third as
// fast. Then starts the program anew with OPENBLAS_CORETYPE set; returns where nothing is to be
// gained, the user has set that variable, or the program cannot be started again.
void use_widest_kernels(char** argv);

}  // namespace deltaw
