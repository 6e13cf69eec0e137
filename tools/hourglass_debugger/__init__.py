"""What Hourglass's views in gdb and in lldb share: reading its objects, tables, texts and the `hg` commands.

values.py says what a debugger has to offer; gdb/hourglass.py and lldb/hourglass.py offer it.
"""
