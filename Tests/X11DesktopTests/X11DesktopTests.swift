enum X11DesktopTestsRoom {}
