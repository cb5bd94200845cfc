enum MediaRoom {}
