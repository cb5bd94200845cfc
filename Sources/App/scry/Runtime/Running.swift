import ArgumentParser
import PortalDesktop

/// Runs the body of a command; an error becomes one sentence on standard error and an exit status.
func running(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void) async throws {
    do {
        try await settling(body)
        if let reason = Standard.outputFailure {
            throw CommandFailure(.engineFailed, "Standard output could not be written: \(reason).")
        }
    } catch let status as ExitCode {
        throw status
    } catch let error as ValidationError {
        throw error
    } catch {
        let failure = CommandFailure(error)
        Standard.error("scry: \(SafeOutput.text(failure.description))\n")
        throw failure.status.exit
    }
}

/// However the body went, the desktop hears that its screen is not looked at any more.
private func settling(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch {
        await PortalScreenSource.settle()
        throw error
    }
    await PortalScreenSource.settle()
}
