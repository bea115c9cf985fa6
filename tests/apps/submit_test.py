# SPDX-License-Identifier: Apache-2.0
"""`deltaw submit slurm`: what it writes, and jobs of a real slurmctld and slurmd, of this machine alone
and in a folder of their own. Without Slurm those tests are skipped."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time
import unittest

import case
from case import Case, main, read_json

DAEMONS = ("slurmctld", "slurmd", "sbatch", "squeue")
MPI = pathlib.Path(case.DELTAW).resolve().parents[1] / "lib/deltaw/mpi.so"
# What mpirun wants to be told where root starts it, with ranks that share memory alone.
AS_ROOT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_btl": "self,vader",
           "OMPI_MCA_btl_vader_single_copy_mechanism": "none", "OMPI_MCA_hwloc_base_binding_policy": "none"}
CONFIGURATION = """ClusterName=scratch
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
AuthType=auth/none
CredType=cred/none
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
SlurmdParameters=config_overrides
SchedulerParameters=sched_min_interval=0,sched_interval=1
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=100
PartitionName=all Nodes=ALL Default=YES State=UP
"""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def find(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


class Submit(Case):
    def test_a_dry_run_prints_the_scripts_and_writes_nothing(self):
        file = self.experiment(seeds=3)
        before = self.files()
        text = self.deltaw("submit", "slurm", file, "--shards", 3, "--out", "o", "--jobs", 2,
                           "--sbatch=--time=2:00:00", "--isolate", "--dry-run").stdout_text
        self.assertEqual(self.files(), before)
        array, merge = text.split("\n\n")
        for line in ("#SBATCH --array=1-3", "#SBATCH --cpus-per-task=2", "#SBATCH --time=2:00:00",
                     "#SBATCH --signal=B:TERM@60", "#SBATCH --output=o/slurm/shard-%a.log",
                     f"#SBATCH --chdir={self.folder}"):
            self.assertIn(line + "\n", array)
        self.assertRegex(array, r'\nexec /.*deltaw compare o/slurm/experiment.json --isolate --quiet '
                         r'--jobs 2 --shard "\$SLURM_ARRAY_TASK_ID/3" --out '
                         r'o/shards/"\$SLURM_ARRAY_TASK_ID"$')
        self.assertIn("results merge o o/shards/1 o/shards/2 o/shards/3 --overwrite", merge)
        for script in (array, merge):
            subprocess.run(["sh", "-n"], input=script, text=True, check=True)

    def test_a_tuning_is_one_job_of_many_processes(self):
        file = self.experiment()
        script = self.deltaw("submit", "slurm", file, "--tune", 5, "--out", "o", "--set", "tune.trials=3",
                             "--seeds", "7", "--rules", "backprop", "--dry-run").stdout_text
        self.assertIn("#SBATCH --ntasks=5\n", script)
        self.assertRegex(script, r"exec mpirun -n 5 /.*deltaw tune .*small.json --rules backprop --seeds 7 "
                         r"--set tune.trials=3 --quiet --jobs 1 --out o \"\$@\"$")
        self.assertIn("if [ -e o/trials.jsonl ]; then set -- --resume; fi\n", script)
        subprocess.run(["sh", "-n"], input=script, text=True, check=True)
        for text, options in (("2 to 100000 processes", ["--tune", 1]), ("--shards with --tune", ["--tune", 2, "--shards", 2])):
            self.refuse(2, "E002", text, arguments=["submit", "slurm", file, *options])
        self.deltaw("compare", file, "--out", "results", "--quiet")
        self.refuse(2, "E601", "'results' has results of a comparison",
                    arguments=["submit", "slurm", file, "--tune", 2, "--out", "results"])

    def test_what_is_wrong_is_said_before_a_job_is_queued(self):
        file = self.experiment()
        for status, code, text, arguments in (
                (2, "E002", "1 to 4, as many as there are runs", [file]),
                (2, "E002", "1 to 4, as many as there are runs, found 5", [file, "--shards", 5]),
                (3, "E101", "nobody", [file, "--shards", 2, "--rules", "nobody"]),
                (2, "E002", "no --resume", [file, "--shards", 2, "--resume", "x"])):
            self.refuse(status, code, text, arguments=["submit", "slurm", *arguments])
        self.refuse(2, "E002", "one engine: slurm", arguments=["submit", "condor", file])
        self.deltaw("compare", self.experiment("other.json", seeds=3), "--out", "out", "--quiet")
        self.refuse(2, "E604", "'out' has results of another experiment: '/seeds/2' differs",
                    arguments=["submit", "slurm", file, "--shards", 2, "--out", "out"])
        self.environment["PATH"] = "/nowhere"
        done = self.deltaw("submit", "slurm", file, "--shards", 2, "--out", "new", status=6)
        self.assertIn("error[E600] cannot run 'sbatch'", done.stderr_text)

    @unittest.skipUnless(all(find(name) for name in DAEMONS), "no Slurm here")
    def test_jobs_of_slurm_make_what_one_process_makes(self):
        self.start_slurm()
        file = self.experiment(seeds=3)
        self.deltaw("compare", file, "--out", "whole", "--quiet")
        told = json.loads(self.deltaw("submit", "slurm", file, "--shards", 3, "--out", "out",
                                      "--json").stdout_text)
        self.assertEqual(told["out"], "out")
        self.wait_for_jobs()
        log = (self.folder / "out/slurm/merge.log").read_text()
        self.assertIn("report: out/report.html", log)
        self.assertEqual([read_json(self.folder / f"out/shards/{i}/provenance.json")["shard"]
                          for i in (1, 2, 3)], ["1/3", "2/3", "3/3"])
        joined, whole = self.bits(self.folder / "out"), self.bits(self.folder / "whole")
        del joined["experiment.json"], whole["experiment.json"]  # they tell of the jobs
        beside = {name for name in joined if name.startswith(("shards/", "slurm/"))}
        self.assertEqual(set(joined) - beside, set(whole))
        self.assertEqual({name: joined[name] for name in whole}, whole)
        # A run that was lost is named, and the same command again makes it.
        shutil.rmtree(self.folder / "out/shards/2/runs/backprop/seed-2", ignore_errors=True)
        shutil.rmtree(self.folder / "out/runs")
        self.deltaw("submit", "slurm", file, "--shards", 3, "--out", "out")
        self.wait_for_jobs()
        self.assertEqual({path.name for path in self.folder.glob("out/runs/*/*")},
                         {"seed-1", "seed-2", "seed-3"})

    @unittest.skipUnless(all(find(name) for name in DAEMONS) and MPI.exists(), "no Slurm or no MPI here")
    def test_a_job_of_slurm_tunes_as_one_process_does(self):
        self.environment.update(AS_ROOT)
        self.start_slurm()
        file = self.experiment()
        tuned = ["--seeds", "1", "--set", "tune.trials=3", "--set", "tune.epochs=2"]
        self.deltaw("tune", file, *tuned, "--out", "whole", "--quiet")
        for _ in range(2):
            told = json.loads(self.deltaw("submit", "slurm", file, *tuned, "--tune", 2, "--out", "out",
                                          "--json").stdout_text)
            self.assertEqual(told["out"], "out")
            self.wait_for_jobs()
            log = (self.folder / "out/slurm/tune.log").read_text()
            self.assertIn("next: deltaw compare", log)
            self.assertEqual((self.folder / "out/tuned.json").read_text(),
                             (self.folder / "whole/tuned.json").read_text(), log)
            # As if the job had been killed before its end: the second goes on.
            (self.folder / "out/tuned.json").unlink()
            (self.folder / "out/slurm/tune.log").unlink()
            trials = self.folder / "out/trials.jsonl"
            trials.write_text("".join(trials.read_text().splitlines(keepends=True)[:-2]))

    @unittest.skipUnless(all(find(name) for name in DAEMONS) and MPI.exists(), "no Slurm or no MPI here")
    def test_ranks_that_srun_starts(self):
        self.environment.update(AS_ROOT)
        self.start_slurm()
        kinds = self.said("srun", "--mpi=list") + subprocess.run(
            ["srun", "--mpi=list"], capture_output=True, text=True, env=self.environment).stderr
        if "pmix" not in kinds:
            self.skipTest("this Slurm has no PMIx")
        file = self.experiment()
        self.deltaw("compare", file, "--out", "alone", "--quiet")
        done = subprocess.run(["srun", "--mpi=pmix", "-n", "2", case.DELTAW, "compare", file, "--out", "by-two", "--quiet"],
                              cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("report: "), 1, done.stdout + done.stderr)
        self.assertEqual(self.bits(self.folder / "by-two"), self.bits(self.folder / "alone"))

    def start_slurm(self):
        folder = self.folder / "slurm"
        for name in ("state", "spool"):
            (folder / name).mkdir(parents=True)
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        configuration = self.write(CONFIGURATION.format(
            host=socket.gethostname().split(".")[0], user=user, ports=free_ports(2), folder=folder),
            "slurm/slurm.conf")
        self.environment["SLURM_CONF"] = str(configuration)
        for name in ("slurmctld", "slurmd"):
            with open(folder / f"{name}.log", "w") as log:
                daemon = subprocess.Popen([find(name), "-D", "-f", configuration], stdout=log,
                                          stderr=log, env=self.environment)
            self.addCleanup(daemon.wait)
            self.addCleanup(daemon.terminate)
        self.wait_until(lambda: "idle" in self.said("sinfo", "--noheader"), "a node is idle")

    def wait_for_jobs(self):
        self.wait_until(lambda: self.said("squeue", "--noheader") == "", "all jobs ended")

    def wait_until(self, is_so, what):
        end = time.monotonic() + 90
        while not is_so():
            logs = "\n".join(path.read_text()[-2000:] for path in self.folder.glob("slurm/*.log"))
            self.assertLess(time.monotonic(), end, f"waited in vain until {what}\n{logs}")
            time.sleep(0.2)

    def said(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment)
        return done.stdout.strip() if done.returncode == 0 else "failed"


if __name__ == "__main__":
    main()
