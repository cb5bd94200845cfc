enum X11DesktopRoom {}
