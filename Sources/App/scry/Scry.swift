@main struct Scry { static func main() { } }
