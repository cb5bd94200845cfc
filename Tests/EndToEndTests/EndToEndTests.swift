enum EndToEndRoom {}
