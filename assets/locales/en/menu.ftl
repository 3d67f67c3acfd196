# The menus, the top bar and the shortcuts.
