extension EngineHost {
    /// The `llama-server` command line for what the settings ask for, as a person would type it.
    ///
    /// Nothing is installed for it: without a `llama-server` on the search path, Scry runs the same server out of a package.
    public nonisolated func explained() throws(EngineHostFailure) -> ExplainedCommand {
        let store = ModelStore(directories)
        var model: ModelFiles
        if let wanted = settings.wanted, case .files(let files) = try store.named(wanted, projector: settings.projector)
        {
            model = files
        } else if settings.wanted == nil, let best = store.best(for: .measured(disk: directories.models)) {
            model = best
        } else {
            model = ModelFiles(name: EngineInstaller.smallModelName, weights: store.smallModelPath.weights)
        }
        if let context = settings.contextLength { model.contextLength = context }
        var command = ExplainedCommand("llama-server")
        command.notes = ["\(model.name) for one person on this machine, as Scry starts it."]
        command.add("-m", model.weights, because: "the weights")
        if let projector = model.projector { command.add("--mmproj", projector, because: "turns pictures into tokens") }
        command.add("--alias", model.name, because: "what Scry shows and asks for")
        command.add("-c", String(model.contextLength), because: "the context, in tokens")
        command.add("-np", "1", because: "one conversation at a time has all of it")
        command.add("-b", "256", "-ub", "256", because: "small steps: an answer can be stopped between two")
        command.add("-t", String(Processor.measured().cores), because: "as many threads as there are cores")
        command.add("--jinja", because: "the model's own chat template, with the thinking switch")
        if let port = settings.port {
            command.add("--host", "127.0.0.1", "--port", String(port), because: "this machine only")
        } else {
            command.add("--host", directories.socket, because: "a socket that only you can reach")
        }
        return command
    }
}
