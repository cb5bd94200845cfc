enum DesktopTestsRoom {}
