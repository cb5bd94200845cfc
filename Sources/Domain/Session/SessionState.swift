enum SessionRoom {}
