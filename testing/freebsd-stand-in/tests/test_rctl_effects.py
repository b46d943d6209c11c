"""rctl(8): what its rules do to processes, a resource at a time."""

import os
import time
import unittest

from tests import hosts

from standin import groups, signals  # noqa: E402

_C = "import ctypes,os,time; c=ctypes.CDLL(None,use_errno=True); e=lambda: os.strerror(ctypes.get_errno())\n"
_ENDED = ("Segmentation", "Terminated", "Killed")
#: Where a host's own directory is: on a disk, if the machine has one.
_DISK = "/usr/libexec/stand-in/host/disk"


class Effects(hosts.OnAHost):
    def setUp(self):
        self.line("jail -c name=e path=/ persist")
        self.addCleanup(self.line, "jail -R e; rctl -r :; rm -f %s" % _DISK)

    def program(self, text, *rules):
        """(stdout, status) of a program in the jail, under rules of it."""
        for rule in rules:
            self.assertEqual(self.line("rctl -a jail:e:%s" % rule), ([], [], 0))
        out, err, status = self.line("jexec e /usr/bin/python3 -ISEc '%s'" % text)
        # The shell says who ended by a signal.
        self.assertEqual([line for line in err if line.split()[0] not in _ENDED], [])
        return out, status

    def ends(self, text, rule, name="TERM"):
        """A program that would go on for ten seconds ends by a signal, and without its rule does not."""
        begin = time.monotonic()
        self.assertEqual(self.program(text + "\nimport time; time.sleep(10)", rule),
                         ([], 128 + signals.of_name(name)), rule)
        self.assertLess(time.monotonic() - begin, 8, rule)

    def need(self, controller):
        if not groups.can_be_made(controller):
            self.skipTest("no control group for %s can be made here" % controller)


class Memory(Effects):
    def test_datasize_refuses_memory(self):
        text = "try: b=bytearray(200<<20); print(len(b))\nexcept MemoryError: print(0)"
        self.assertEqual(self.program(text), (["209715200"], 0))
        self.assertEqual(self.program(text, "datasize:deny=64M"), (["0"], 0))

    def test_vmemoryuse_refuses_a_mapping_and_no_program_fits_into_next_to_nothing(self):
        text = ("import mmap\ntry: mmap.mmap(-1,200<<20); print(1)\nexcept OSError as e: print(e.strerror)")
        self.assertEqual(self.program(text), (["1"], 0))
        self.assertEqual(self.program(text, "vmemoryuse:deny=128M"), (["Cannot allocate memory"], 0))
        self.assertEqual(self.program(text, "vmemoryuse:deny=1M"), ([], 139))

    def test_what_others_in_the_jail_have_is_missing_to_who_comes_later(self):
        self.line("jexec e /usr/bin/python3 -c 'import mmap,time; m=mmap.mmap(-1,300<<20); time.sleep(30)'"
                  " >/tmp/out 2>&1 & sleep 0.5; rctl -a jail:e:vmemoryuse:deny=256M")
        self.assertEqual(self.program("print(1)"), ([], 139))
        self.line("rctl -r jail:e; rctl -a jail:e:vmemoryuse:deny=256M/process")
        self.assertEqual(self.program("print(1)"), (["1"], 0))

    def test_stacksize_and_coredumpsize_are_limits_of_a_process(self):
        text = ("import resource as r; print(r.getrlimit(r.RLIMIT_STACK)[0],r.getrlimit(r.RLIMIT_CORE)[0])")
        self.assertEqual(self.program(text, "stacksize:deny=1M", "coredumpsize:deny=8k"), (
            ["1048576 8192"], 0))

    def test_memorylocked_refuses_to_lock(self):
        text = _C + "os.setuid(65534); b=ctypes.create_string_buffer(1<<15); print(c.mlock(b,1<<15))"
        self.assertEqual(self.program(text), (["0"], 0))
        self.assertEqual(self.program(text, "memorylocked:deny=8k"), (["-1"], 0))

    def test_swapuse_of_memory_that_has_no_file(self):
        self.ends("b=bytearray(64<<20)", "swapuse:sigterm=32M")

    def test_memoryuse_kills(self):
        self.ends("b=bytearray(64<<20)", "memoryuse:sigkill=32M", "KILL")

    def test_memoryuse_denied_refuses_nothing_and_takes_pages_away(self):
        self.line("rctl -a jail:e:memoryuse:deny=48M; jexec e /usr/bin/python3 -c '"
                  "import mmap,time; m=mmap.mmap(-1,100<<20); m[::4096]=b\"x\"*25600; time.sleep(20)'"
                  " >/tmp/out 2>&1 & sleep 2")
        used = dict(line.split("=") for line in self.line("rctl -u jail:e")[0])
        self.assertTrue(20 << 20 < int(used["memoryuse"]) <= 48 << 20, used)
        self.assertGreater(int(used["swapuse"]), 100 << 20)


class Counted(Effects):
    def test_maxproc_and_nthr_refuse_a_process_and_a_thread(self):
        self.need("pids")
        fork = "import os\ntry: os.fork() or os._exit(0); print(1)\nexcept OSError as e: print(e.strerror)"
        thread = ("import threading\ntry: threading.Thread(target=print,args=(1,)).start()\n"
                  "except RuntimeError as e: print(e)")
        self.assertEqual(self.program(fork), (["1"], 0))
        self.assertEqual(self.program(thread), (["1"], 0))
        self.assertEqual(self.program(fork, "maxproc:deny=1"), (["Resource temporarily unavailable"], 0))
        self.line("rctl -r jail:e")
        self.assertEqual(self.program(fork, "nthr:deny=1"), (["Resource temporarily unavailable"], 0))
        self.assertEqual(self.program(thread), (["can" + chr(39) + "t start new thread"], 0))
        self.line("rctl -r jail:e")
        self.assertEqual(self.program(thread), (["1"], 0))

    def test_a_rule_that_comes_later_finds_who_runs(self):
        self.need("pids")
        self.line("jexec e /usr/bin/python3 -c 'import os,time; time.sleep(1)\n"
                  "try: os.fork() or os._exit(0); print(1)\nexcept OSError as e: print(e.strerror)'"
                  " >/tmp/later & sleep 0.5; rctl -a jail:e:maxproc:deny=1; wait")
        self.assertEqual(self.line("cat /tmp/later")[0], ["Resource temporarily unavailable"])

    def test_openfiles_refuses_a_descriptor(self):
        text = ("import os\nfor n in range(200):\n try: os.open(\"/\",0)\n"
                " except OSError as e: print(n+3,e.strerror); break")
        self.assertEqual(self.program(text), ([], 0))
        self.assertEqual(self.program(text, "openfiles:deny=100"), (["64 Too many open files"], 0))

    def test_pseudoterminals(self):
        self.ends("import os; os.openpty()", "pseudoterminals:sigterm=0")

    def test_message_queues(self):
        get = _C + "print([c.msgget(0,0o1600)>=0 for _ in range(2)],e())"
        self.assertEqual(self.program(get, "nmsgq:deny=1"), (["[True, False] No space left on device"], 0))
        self.line("ipcrm -a; rctl -r jail:e")
        send = (_C + "q=c.msgget(0,0o1600); b=ctypes.create_string_buffer(500); b[0]=1\n"
                "print([c.msgsnd(q,b,100,0o4000) for _ in range(2)])")
        self.assertEqual(self.program(send), (["[0, 0]"], 0))
        self.assertEqual(self.program(send, "msgqsize:deny=150"), (["[0, -1]"], 0))
        self.line("rctl -r jail:e")
        self.ends(send.replace("print", ""), "msgqqueued:sigterm=1")

    def test_semaphores(self):
        text = (_C + "s=c.semget(0,5,0o1600)\nprint(s>=0,e())\n"
                "b=(ctypes.c_short*9)(0,1,0,1,1,0,2,1,0); print(c.semop(s,b,3),e())")
        self.assertEqual(self.program(text)[0][1], "0 Success")
        self.assertEqual(self.program(text, "nsemop:deny=2")[0], [
            "True Success", "-1 Argument list too long"])
        self.assertEqual(self.program(text, "nsem:deny=4")[0][0], "False No space left on device")
        self.line("rctl -r jail:e")
        self.assertEqual(self.program(text)[0][1], "0 Success")

    def test_shared_memory(self):
        text = _C + "print([c.shmget(0,1<<20,0o1600)>=0 for _ in range(2)],e())"
        for rule in ("nshm:deny=1", "shmsize:deny=1536k"):
            self.line("jail -r e; jail -c name=e path=/ persist")
            self.assertEqual(self.program(text, rule), (["[True, False] No space left on device"], 0), rule)
            used = dict(line.split("=") for line in self.line("rctl -u jail:e; rctl -r jail:e")[0])
            self.assertEqual((used["nshm"], used["shmsize"]), ("1", "1048576"))
        self.assertEqual(self.program(text), (["[True, True] Success"], 0))


class Time(Effects):
    def test_cputime_is_of_all_that_ran_and_kills_who_comes_later(self):
        burn = "import time\nb=time.process_time()\nwhile time.process_time()-b<%s: pass\nprint(1)"
        self.ends("while 1: pass", "cputime:sigkill=1", "KILL")
        begin = time.monotonic()
        self.assertEqual(self.program(burn % 5), ([], 137))
        self.assertLess(time.monotonic() - begin, 4)
        self.line("rctl -r jail:e")
        self.assertEqual(self.program(burn % 0.5), (["1"], 0))

    def test_wallclock_survives_the_jail_while_a_rule_is_there(self):
        self.ends("", "wallclock:sigterm=1")
        self.line("jail -r e; jail -c name=e path=/ persist")
        begin = time.monotonic()
        self.assertEqual(self.line("jexec e sleep 5")[2], 143)
        self.assertLess(time.monotonic() - begin, 3)
        self.line("rctl -r jail:e; jail -r e; jail -c name=e path=/ persist")
        self.assertEqual(self.line("jexec e sleep 1.5")[2], 0)

    def test_pcpu_slows_down(self):
        self.need("cpu")
        text = ("import time\nb=time.monotonic()\nwhile time.monotonic()-b<2: pass\n"
                "print(time.process_time()<0.9)")
        self.assertEqual(self.program(text, "pcpu:deny=20"), (["True"], 0))
        self.line("rctl -r jail:e")
        quota = [open(os.path.join(group, name), encoding="ascii").read().split()[0]
                 for group in self.jail_groups().values()
                 for name in ("cpu.cfs_quota_us", "cpu.max") if os.path.exists(os.path.join(group, name))]
        self.assertIn(quota, (["-1"], ["max"]))

    def jail_groups(self):
        import json
        with open(os.path.join(self.directory, "state.json"), encoding="utf-8") as file:
            return next(iter(json.load(file)["jails"].values()))["groups"]

    def test_throttle_makes_disks_slow(self):
        self.need("blkio")
        write = ("import os,mmap,time; f=os.open(\"%s\",os.O_RDWR|os.O_CREAT|os.O_DIRECT|os.O_DSYNC,0o600)\n"
                 "m=mmap.mmap(-1,1<<16); b=time.monotonic()\n"
                 "for n in range(%%d): os.pwrite(f,memoryview(m)[:%%d],n<<16)\n"
                 "print(time.monotonic()-b)" % _DISK)
        read = write.replace("os.pwrite(f,memoryview(m)[:%d],n<<16)",
                             "os.preadv(f,[memoryview(m)[:%d]],n<<16)")
        whole, blocks = (48, 1 << 16), (48, 4096)
        out = self.line("jexec e /usr/bin/python3 -ISEc '%s'" % (write % whole))
        if out[2] or float(out[0][0]) > 1:
            self.skipTest("this machine's disk takes nothing directly, or is slow")
        for rule, text, numbers in (
                ("writebps:throttle=2M", write, whole), ("readbps:throttle=2M", read, whole),
                ("writeiops:throttle=20", write, blocks), ("readiops:throttle=20", read, blocks)):
            seconds = float(self.program(text % numbers, rule)[0][0])
            self.line("rctl -r jail:e")
            self.assertGreater(seconds, 0.9, rule)
            self.assertLess(float(self.program(text % numbers)[0][0]), 0.9, rule)


class Actions(Effects):
    def test_log_says_once_who_it_was(self):
        self.ends("b=bytearray(64<<20)\nimport time; time.sleep(1)\nimport os; os.kill(os.getpid(),15)",
                  "memoryuse:log=32M")
        said = [line for line in self.line("dmesg")[0] if "memoryuse:log" in line]
        self.assertEqual(len(said), 1, said)
        self.assertRegex(said[0], r'^rctl: rule "jail:e:memoryuse:log=33554432" matched by pid [0-9]+ '
                                  r'\(python3\), uid 0, jail e$')
        self.assertRegex(self.line("tail -1 /var/log/messages")[0][0],
                         "^[A-Z][a-z]{2} [ 1-3][0-9] [0-9:]{8} fbsd122 kernel: rctl: rule ")
        self.assertEqual(self.line("dmesg -c >/dev/null; dmesg"), ([], [], 0))

    def test_devctl_tells_devd(self):
        self.program("import time; time.sleep(1)", "maxproc:devctl=0")
        with open(os.path.join(self.directory, "devctl"), encoding="utf-8") as file:
            self.assertRegex(file.read(), "^!system=RCTL subsystem=rule type=matched "
                                          "rule=jail:e:maxproc:devctl=0 pid=[0-9]+ ruid=0 jail=e\n$")

    def test_rules_of_users_and_processes_hold_for_who_comes_later_and_end_with_the_process(self):
        text = "import resource as r,time; time.sleep(1); print(r.getrlimit(r.RLIMIT_NOFILE)[0])"
        self.line("rctl -a user:root:openfiles:deny=40/process")
        self.assertEqual(self.program(text), (["64"], 0))
        self.assertEqual(self.line("rctl -u user:65533 | head -1; rctl -r user:root")[0], ["cputime=0"])
        out, _, _ = self.line("sleep 5 & rctl -a process:$!:wallclock:sigterm=1; rctl; rctl -l process:$!;"
                              " wait $!; echo $?; rctl")
        self.assertRegex(out[0], "^process:[0-9]+:wallclock:sigterm=1$")
        self.assertEqual(out[1:], [out[0], "143"])

    def test_the_rules_of_a_new_name_hold_at_once_and_those_of_the_old_one_stay(self):
        self.line("rctl -a jail:e:maxproc:deny=10 jail:f:openfiles:deny=20;"
                  " jail -m jid=$(jls -j e jid) name=f")
        self.addCleanup(self.line, "jail -R f")
        self.assertEqual(self.line("jexec f sh -c 'ulimit -n'; rctl"), (
            ["20", "jail:e:maxproc:deny=10", "jail:f:openfiles:deny=20"], [], 0))

    def test_prison0_is_the_host_with_all_its_jails(self):
        self.line("jexec e sleep 20 >/tmp/out 2>&1 & sleep 0.3")
        inside, whole = (dict(line.split("=") for line in self.line("rctl -u jail:" + name)[0])
                         for name in ("e", "0"))
        self.assertEqual(inside["maxproc"], "1")
        self.assertGreater(int(whole["maxproc"]), 1)
        self.assertEqual(self.program("import resource as r; print(r.getrlimit(r.RLIMIT_NOFILE)[0])"), (
            [self.line("ulimit -n")[0][0]], 0))
        self.line("rctl -a jail:0:openfiles:deny=20/process")
        self.assertEqual(self.line("jexec e sh -c 'ulimit -n'")[0], ["20"])

    def test_a_rule_of_all_users_spares_what_the_stand_in_is_made_of(self):
        self.assertEqual(self.line("rctl -a user:root:wallclock:sigterm=1/process; sleep 5")[2], -15)
        self.assertEqual(self.line("rctl -r user:root; jexec e /bin/echo there")[0], ["there"])

    def test_who_looks_after_rules_goes_with_the_last_of_them(self):
        self.line("rctl -a jail:e:wallclock:log=1000")
        self.assertEqual(self.line("pgrep -x racctd | wc -l")[0], ["1"])
        self.line("rctl -a jail:e:wallclock:log=2000; rctl -r jail:e; sleep 1")
        self.assertEqual(self.line("pgrep -x racctd | wc -l")[0], ["0"])


if __name__ == "__main__":
    unittest.main()
