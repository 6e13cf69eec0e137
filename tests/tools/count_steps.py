"""How often a student presses `step` from a call to the equation behind it, counted in gdb or in lldb.

    gdb -nx -batch -x tools/gdb/hourglass.py -x tests/tools/count_steps.py gdb_session
    lldb --no-lldbinit -b -o 'command script import tools/lldb/hourglass.py' \\
         -o 'command script import tests/tools/count_steps.py' gdb_session

Prints a line for each way, and `all within` if none is too long.
"""

import linecache

# Where to stop, the line to reach, and the presses that it may take.
WAYS = (
    ("hourglass::Network::backward", "matmul_tn(dW, dZ, X);", 3),
    ("hourglass::activation_backward", "dz[i] = da[i] * (1 - a[i] * a[i]);", 5),
    ("hourglass::Dense::backward", "for (std::size_t k = 0;", 4),
)
PATIENCE = 400


class Gdb:
    """The debugger that runs this script: stops, steps, and says which line the program stands on."""

    def __init__(self):
        import gdb
        self.gdb = gdb
        self.run("set debuginfod enabled off")

    def run(self, command):
        self.gdb.execute(command, to_string=True)

    def start_at(self, function):
        self.run("delete")
        self.run("break " + function)
        self.run("run")

    def step(self):
        self.run("step")

    def line(self):
        place = self.gdb.selected_frame().find_sal()
        return linecache.getline(place.symtab.fullname(), place.line) if place.symtab else ""


class Lldb:
    def __init__(self):
        import lldb
        self.lldb = lldb
        lldb.debugger.SetAsync(False)

    def target(self):
        return self.lldb.debugger.GetSelectedTarget()

    def thread(self):
        return self.target().GetProcess().GetSelectedThread()

    def start_at(self, function):
        target = self.target()
        target.GetProcess().Kill()
        target.DeleteAllBreakpoints()
        target.BreakpointCreateByName(function)
        if not target.LaunchSimple(None, None, ".").IsValid():
            raise RuntimeError("this machine lets no program be traced")

    def step(self):
        self.thread().StepInto()

    def line(self):
        place = self.thread().GetFrameAtIndex(0).GetLineEntry()
        return linecache.getline(place.GetFileSpec().fullpath, place.GetLine()) if place.IsValid() else ""


def presses(debugger, start, goal):
    debugger.start_at(start)
    for count in range(PATIENCE):
        if goal in debugger.line() and count > 0:
            return count
        debugger.step()
    return PATIENCE


def count_all(debugger):
    within = True
    for start, goal, most in WAYS:
        count = presses(debugger, start, goal)
        print("%d steps from %s to '%s', at most %d" % (count, start, goal, most))
        within = within and count <= most
    print("all within" if within else "FAILED: too many steps")


def __lldb_init_module(debugger, _):
    count_all(Lldb())


if __name__ == "__main__":
    count_all(Gdb())
