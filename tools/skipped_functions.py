"""What a debugger's `step` passes over, so that it leads from one equation to the next.

Between `matmul_tn(dW, dZ, X)` and the loop that computes it lie a dozen calls without a thought of their own:
of the standard library, of accessors, of checks of shapes. gdb/hourglass.py and lldb/hourglass.py read this list.
"""

# Names without their arguments, as regular expressions of . * [] alone, which gdb and lldb read alike.
SKIPPED = (
    "std::.*",
    "__gnu_.*",
    "operator.*",
    "hourglass::Matrix::.*",
    "hourglass::AlignedAllocator.*",
    "hourglass::[A-Za-z]*::in",
    "hourglass::[A-Za-z]*::out",
    "hourglass::Network::layer",
    "hourglass::Network::depth",
    "hourglass::Network::as",
    "hourglass::Workspace::Y",
    "hourglass::Pass::operator.*",
    "hourglass::Minibatches::begin",
    "hourglass::Minibatches::end",
    "hourglass::Minibatches::Iterator::.*",
    "hourglass::.*require_.*",  # one shape, one length, ...: throw or do nothing
    "hourglass::.*::fitted",    # the result in its shape
    "hourglass::.*::resized",
)
