"""lldb, as hourglass_debugger/values.py wants a debugger to be."""

import contextlib
import re

import lldb

from hourglass_debugger.values import Complaint, Debugger, Unreadable, Value

NO_RESULT = 0x1001  # of an expression of type void: no error
SIGNED = (lldb.eBasicTypeInt, lldb.eBasicTypeLong, lldb.eBasicTypeShort, lldb.eBasicTypeLongLong,
          lldb.eBasicTypeSignedChar)
FLOATS = (lldb.eBasicTypeFloat, lldb.eBasicTypeDouble)


class LldbValue(Value):
    def __init__(self, raw):
        if not raw.IsValid() or raw.GetError().Fail():
            raise Unreadable(raw.GetError().GetCString() or "it is not readable")
        self.raw = raw.GetNonSyntheticValue()
        self.type = raw.GetType().GetCanonicalType()

    @property
    def kind(self):
        return self.type.GetUnqualifiedType().GetName() or ""

    @property
    def address(self):
        return self.raw.GetLoadAddress()

    def __getitem__(self, field):
        return LldbValue(self.raw.GetChildMemberWithName(field))

    def has(self, field):
        return self.raw.GetChildMemberWithName(field).IsValid()

    def fields(self):
        names = [self.type.GetFieldAtIndex(i).GetName() for i in range(self.type.GetNumberOfFields())]
        return [(name, self[name]) for name in names if name and not name.startswith("_vptr")]

    def is_a(self, base):
        kinds = [self.type.GetUnqualifiedType()]
        while kinds:
            kind = kinds.pop()
            if kind.GetName() == base:
                return True
            kinds += [kind.GetDirectBaseClassAtIndex(i).GetType().GetCanonicalType()
                      for i in range(kind.GetNumberOfDirectBaseClasses())]
        return False

    def number(self):
        basic = self.type.GetUnqualifiedType().GetBasicType()
        if basic in FLOATS:
            data, error = self.raw.GetData(), lldb.SBError()
            value = data.GetFloat(error, 0) if basic == lldb.eBasicTypeFloat else data.GetDouble(error, 0)
            if error.Fail():
                raise Unreadable
            return value
        return self.raw.GetValueAsSigned() if basic in SIGNED else self.raw.GetValueAsUnsigned()

    def is_number(self):
        return self.type.GetUnqualifiedType().GetBasicType() != lldb.eBasicTypeInvalid

    def enumerator(self):
        name = (self.raw.GetValue() or "").rpartition("::")[2]
        if not name.isidentifier():
            raise Unreadable
        return name

    def text(self):
        return (self.raw.GetSummary() or "").strip('"')

    def plain(self):
        value = self
        while value.type.IsReferenceType() or value.type.IsPointerType():
            value = LldbValue(value.raw.Dereference())
        return value

    def dynamic(self):
        """By the name of its table of virtual functions, for lldb's own search finds not every class."""
        target, error = self.raw.GetTarget(), lldb.SBError()
        table = target.GetProcess().ReadPointerFromMemory(self.address, error)
        main = target.FindFunctions("main")[0].GetFunction().GetStartAddress()
        module = target.GetModuleAtIndex(0)
        in_file = table - main.GetLoadAddress(target) + main.GetFileAddress()  # lldb resolves no address of data
        name = module.ResolveFileAddress(in_file).GetSymbol().GetName() or ""
        kind = target.FindFirstType(name.removeprefix("vtable for "))
        return LldbValue(self.at(self.address, kind)) if error.Success() and kind.IsValid() else self

    def at(self, address, kind):
        target = self.raw.GetTarget()
        return target.CreateValueFromAddress("it", lldb.SBAddress(address, target), kind)

    def owned(self):  # a std::unique_ptr is one pointer and nothing else
        kind = self.type.GetTemplateArgumentType(0)
        return LldbValue(self.at(self.address, kind.GetPointerType()).Dereference()).dynamic()

    def pointee(self):
        return self.type.GetPointeeType().GetCanonicalType()

    def element(self, i):
        return LldbValue(self.at(self.number() + i * self.element_size(), self.pointee()))

    def element_size(self):
        return self.pointee().GetByteSize()

    def is_scalar(self):
        return self.pointee().GetUnqualifiedType().GetBasicType() in FLOATS

    def size(self):
        return self.type.GetByteSize()

    def like_at(self, address):
        return LldbValue(self.at(address, self.type))


def short_name(name):
    """hourglass::Dense::forward, without what it takes."""
    return re.sub(r"\((?!anonymous).*", "", name or "").strip()


class LldbFrame:
    def __init__(self, frame):
        self.frame = frame
        self.function = short_name(frame.GetFunctionName())
        entry = frame.GetLineEntry()
        self.file = entry.GetFileSpec().fullpath or ""
        self.line = entry.GetLine() if entry.IsValid() else 0

    def variables(self):
        for raw in self.frame.GetVariables(True, True, False, True):
            try:
                if raw.GetName():
                    yield raw.GetName(), LldbValue(raw)
            except Unreadable:
                continue


class LldbDebugger(Debugger):
    patience = 8  # it compiles each call
    found = None  # what a watch asks

    def __init__(self, debugger):
        self.debugger = debugger
        self.watched = []
        self.callback = ""  # the name of a function that asks `found`

    def target(self):
        return self.debugger.GetSelectedTarget()

    def running(self):
        process = self.target().GetProcess()
        if not process.IsValid() or process.GetState() != lldb.eStateStopped:
            raise Complaint("the program is not running: hg start")
        return process

    def read(self, address, size):
        error = lldb.SBError()
        data = self.running().ReadMemory(address, size, error)
        if error.Fail():
            raise Unreadable
        return data

    def write(self, address, data):
        error = lldb.SBError()
        self.running().WriteMemory(address, bytes(data), error)
        if error.Fail():
            raise Unreadable

    def thread(self):
        return self.running().GetSelectedThread()

    def options(self):
        options = lldb.SBExpressionOptions()
        options.SetIgnoreBreakpoints(True)
        options.SetTryAllThreads(False)
        return options

    def evaluate(self, expression):
        frame = self.thread().GetSelectedFrame()
        value = frame.GetValueForVariablePath(expression)
        if not value.IsValid() or value.GetError().Fail():
            value = frame.EvaluateExpression(expression, self.options())
        if not value.IsValid() or value.GetError().Fail():
            raise Complaint((value.GetError().GetCString() or "no such thing: " + expression).partition("\n")[0])
        return LldbValue(value)

    def frames(self):
        thread = self.thread()
        first = thread.GetSelectedFrame().GetFrameID()
        return [LldbFrame(thread.GetFrameAtIndex(i)) for i in range(first, thread.GetNumFrames())]

    def entry(self, function):
        for context in self.target().FindFunctions(function):
            if short_name(context.GetFunction().GetName()) == function:
                return context.GetFunction().GetStartAddress().GetLoadAddress(self.target())
        raise Complaint("the program has no %s" % function)

    def call(self, function, *words):
        expression = "((void (*)(%s))%dUL)(%s)" % (
            ", ".join(["unsigned long"] * len(words)), self.entry(function), ", ".join("%dUL" % w for w in words))
        error = self.thread().GetSelectedFrame().EvaluateExpression(expression, self.options()).GetError()
        if error.Fail() and error.GetError() != NO_RESULT:
            raise Complaint((error.GetCString() or "the call failed").partition("\n")[0])

    def alone(self):
        return contextlib.nullcontext()  # options() sees to it

    def allocate(self, size):
        expression = "((unsigned long (*)(unsigned long))malloc)(%d)" % size
        return self.thread().GetSelectedFrame().EvaluateExpression(expression, self.options()).GetValueAsUnsigned()

    def process(self):
        return self.target().GetProcess().GetProcessID()

    def functions(self, name):
        result = []
        for context in self.target().FindFunctions(name):
            if short_name(context.GetFunction().GetName()) == name:
                entry = context.GetFunction().GetStartAddress().GetLineEntry()
                result.append((entry.GetFileSpec().fullpath, entry.GetLine()))
        return result

    def run_to(self, places):
        process = self.running()
        return self.go(process.Continue, places)

    def go(self, move, places):
        target = self.target()
        points = [target.BreakpointCreateByLocation(*place) if isinstance(place, tuple)
                  else target.BreakpointCreateByName(place)
                  for place in places if isinstance(place, tuple) or self.functions(place)]
        asynchronous = self.debugger.GetAsync()
        self.debugger.SetAsync(False)
        try:
            move()
            process = target.GetProcess()
            hit = {point.GetID() for point in points if point.GetHitCount() > 0}
            if hit and process.GetState() == lldb.eStateStopped:
                return True
            if process.GetState() == lldb.eStateStopped:
                print("stopped: " + (process.GetSelectedThread().GetStopDescription(200) or ""))
            else:
                print("the program has ended with status %d" % process.GetExitStatus())
            return False
        finally:
            self.debugger.SetAsync(asynchronous)
            for point in points:
                target.BreakpointDelete(point.GetID())

    def start(self, place):
        target = self.target()
        if not target.IsValid():
            raise Complaint("there is no program: lldb PROGRAM")
        if target.GetProcess().IsValid() and target.GetProcess().GetState() == lldb.eStateStopped:
            raise Complaint("the program is running already: hg step goes on, and after kill, hg start begins anew")
        error = lldb.SBError()
        reached = self.go(lambda: target.Launch(target.GetLaunchInfo(), error), [place])
        if error.Fail():
            raise Complaint("the program does not start: " + (error.GetCString() or ""))
        return reached

    def select_caller(self):
        thread = self.thread()
        thread.SetSelectedFrame(thread.GetSelectedFrame().GetFrameID() + 1)

    def watch(self, places, found):
        for point in self.watched:
            self.target().BreakpointDelete(point.GetID())
        LldbDebugger.found = found
        self.watched = []
        for place in places:
            if self.functions(place):
                point = self.target().BreakpointCreateByName(place)
                point.SetScriptCallbackFunction(self.callback)
                self.watched.append(point)

    def width(self):
        return self.debugger.GetTerminalWidth()
