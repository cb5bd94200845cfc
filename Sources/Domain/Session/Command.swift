/// Something that a person can ask the chat to do.
///
/// This is the one table of commands: the keymap, the help screen, `scry keys`, slash commands and the manual are made
/// from it. Names and default keys are promises.
public enum Command: String, Sendable, CaseIterable {
    case send
    case newLine = "new-line"
    case toggleThinking = "toggle-thinking"
    case foldReasoning = "fold-reasoning"
    case answerNow = "answer-now"
    case continueReply = "continue"
    case cancel
    case interrupt
    case endOfInput = "end-of-input"
    case captureScreen = "capture-screen"
    case captureWindow = "capture-window"
    case captureRegion = "capture-region"
    case toggleRecording = "toggle-recording"
    case pauseRecording = "pause-recording"
    case chooseFrames = "choose-frames"
    case summarize
    case crop
    case compare
    case copyText = "copy-text"
    case attach
    case chooseModel = "choose-model"
    case chooseEngine = "choose-engine"
    case chooseTheme = "choose-theme"
    case newChat = "new-chat"
    case listChats = "list-chats"
    case pageUp = "page-up"
    case pageDown = "page-down"
    case scrollUp = "scroll-up"
    case scrollDown = "scroll-down"
    case scrollToEnd = "scroll-to-end"
    case deleteBackward = "delete-backward"
    case deleteForward = "delete-forward"
    case deleteWord = "delete-word"
    case deleteToLineStart = "delete-to-line-start"
    case deleteToLineEnd = "delete-to-line-end"
    case moveLeft = "move-left"
    case moveRight = "move-right"
    case moveUp = "move-up"
    case moveDown = "move-down"
    case moveWordLeft = "move-word-left"
    case moveWordRight = "move-word-right"
    case moveToLineStart = "move-to-line-start"
    case moveToLineEnd = "move-to-line-end"
    case deleteWordForward = "delete-word-forward"
    case undo
    case redo
    case selectLeft = "select-left"
    case selectRight = "select-right"
    case selectUp = "select-up"
    case selectDown = "select-down"
    case selectWordLeft = "select-word-left"
    case selectWordRight = "select-word-right"
    case selectToLineStart = "select-to-line-start"
    case selectToLineEnd = "select-to-line-end"
    case cut
    case paste
    case unfoldPaste = "unfold-paste"
    case editOutside = "edit-outside"
    case palette
    case find
    case read
    case nextMessage = "next-message"
    case previousMessage = "previous-message"
    case halfPageDown = "half-page-down"
    case halfPageUp = "half-page-up"
    case firstMessage = "first-message"
    case lastMessage = "last-message"
    case previousVariant = "previous-variant"
    case nextVariant = "next-variant"
    case copyMessage = "copy-message"
    case copyCode = "copy-code"
    case copyPicture = "copy-picture"
    case selectLines = "select-lines"
    case editMessage = "edit-message"
    case regenerate
    case fork
    case markGood = "mark-good"
    case markBad = "mark-bad"
    case foldHere = "fold-here"
    case openAttachment = "open-attachment"
    case deleteMessage = "delete-message"
    case findNext = "find-next"
    case findPrevious = "find-previous"
    case write
    case redraw
    case suspend
    case help
    case quit

    /// Where the help screen lists a command.
    public enum Topic: String, Sendable, CaseIterable {
        case asking = "Asking"
        case screen = "The screen"
        case reading = "Reading"
        case transcript = "In the transcript"
        case writing = "Writing"
        case program = "The program"
    }

    /// Where a key stands for a command.
    public enum Context: String, Sendable, CaseIterable {
        /// Everywhere, as far as the place has no other use for the key.
        case everywhere
        /// In the transcript, where letters are commands.
        case transcript
    }

    /// Where its keys stand for it.
    public var context: Context { description.topic == .transcript ? .transcript : .everywhere }

    /// What is known of a command beside its name.
    public struct Description: Sendable, Equatable {
        /// Where the help lists it.
        public let topic: Topic
        /// Its default keys, as the configuration writes them ("ctrl-t", "alt-enter", "f2"); the first is the one shown.
        public let keys: [String]
        /// What it does, in a few words.
        public let help: String
        /// What can be typed in the composer instead, without the slash; nil for commands that make no sense there.
        public let slash: String?
        /// What the slash command takes, as "PATH"; nil for none.
        public let argument: String?

        init(_ topic: Topic, _ keys: [String], _ help: String, slash: String? = nil, argument: String? = nil) {
            self.topic = topic
            self.keys = keys
            self.help = help
            self.slash = slash
            self.argument = argument
        }
    }

    /// The row of the table.
    public var description: Description {
        switch self {
        case .send:
            Description(
                .asking, ["enter"], "send; queued while an answer streams")
        case .newLine: Description(.asking, ["alt-enter", "ctrl-j", "shift-enter"], "new line")
        case .toggleThinking: Description(.asking, ["ctrl-t"], "thinking mode on or off", slash: "think")
        case .foldReasoning: Description(.asking, ["ctrl-o"], "fold or unfold the reasoning", slash: "fold")
        case .answerNow: Description(.asking, ["ctrl-g"], "end the thinking and answer now", slash: "answer")
        case .continueReply:
            Description(.asking, ["alt-c"], "go on with an answer that was stopped or cut", slash: "continue")
        case .cancel: Description(.asking, ["escape"], "close what is open, else stop")
        case .interrupt: Description(.asking, ["ctrl-c"], "copy, else stop, else clear; twice: quit")
        case .captureScreen: Description(.screen, ["f2", "alt-s"], "picture of the screen", slash: "shot")
        case .captureWindow: Description(.screen, ["f3", "alt-w"], "picture of the active window", slash: "window")
        case .captureRegion: Description(.screen, ["f4", "alt-a"], "picture of a region to choose", slash: "region")
        case .toggleRecording: Description(.screen, ["f5", "alt-v"], "start or stop a recording", slash: "record")
        case .pauseRecording:
            Description(.screen, ["f6", "alt-p"], "pause the recording, or go on with it", slash: "pause")
        case .chooseFrames:
            Description(.screen, [], "which frames of the recording go", slash: "frames")
        case .summarize:
            Description(
                .screen, [], "what happened in the recording, part by part", slash: "summarize", argument: "[WORDS]")
        case .crop:
            Description(
                .screen, [], "a detail of the last picture", slash: "crop",
                argument: "[WxH+X+Y]")
        case .compare: Description(.screen, [], "what changed between the last two pictures", slash: "compare")
        case .copyText: Description(.screen, [], "copy the words in the last picture", slash: "text")
        case .attach: Description(.screen, [], "attach a file", slash: "attach", argument: "PATH")
        case .pageUp: Description(.reading, ["pageup"], "a page back")
        case .pageDown: Description(.reading, ["pagedown"], "a page forward")
        case .scrollUp: Description(.reading, ["wheel-up"], "a few lines back")
        case .scrollDown: Description(.reading, ["wheel-down"], "a few lines forward")
        case .scrollToEnd: Description(.reading, ["ctrl-end", "alt-end"], "to the end, and follow")
        case .find: Description(.reading, ["ctrl-f"], "find in this chat", slash: "find", argument: "[WORDS]")
        case .read: Description(.reading, ["tab"], "into the transcript, and back")
        case .nextMessage: Description(.transcript, ["j"], "next message; while selecting: one line more")
        case .previousMessage: Description(.transcript, ["k"], "message before; while selecting: one line less")
        case .halfPageDown: Description(.transcript, ["d"], "half a page forward")
        case .halfPageUp: Description(.transcript, ["u"], "half a page back")
        case .firstMessage: Description(.transcript, ["g"], "to the first message")
        case .lastMessage: Description(.transcript, ["shift-g"], "to the last message, and follow")
        case .previousVariant: Description(.transcript, ["["], "the version before this one")
        case .nextVariant: Description(.transcript, ["]"], "the version after this one")
        case .copyMessage: Description(.transcript, ["y"], "copy the message, or what is selected")
        case .copyCode: Description(.transcript, ["shift-y"], "copy its last code block; again: the one before")
        case .copyPicture: Description(.transcript, ["c"], "copy its picture")
        case .selectLines: Description(.transcript, ["v"], "select lines")
        case .editMessage: Description(.transcript, ["e"], "ask it in other words; of an answer: correct it")
        case .regenerate: Description(.transcript, ["r"], "ask for another answer")
        case .fork: Description(.transcript, ["f"], "go on from here in a chat of its own", slash: "fork")
        case .markGood: Description(.transcript, ["+"], "mark the answer good; again: unmark")
        case .markBad: Description(.transcript, ["-"], "mark the answer bad; again: unmark")
        case .foldHere: Description(.transcript, ["space"], "show the reasoning, or hide it")
        case .openAttachment: Description(.transcript, ["o"], "open it in the desktop's viewer; Enter: here")
        case .deleteMessage: Description(.transcript, ["shift-d"], "delete the message, after a question")
        case .findNext: Description(.transcript, ["n"], "to the next place where the words are")
        case .findPrevious: Description(.transcript, ["shift-n"], "to the place before")
        case .write: Description(.transcript, ["i"], "back to writing; other letters are typed there")
        case .deleteBackward: Description(.writing, ["backspace", "ctrl-h"], "delete; a chip goes as one")
        case .deleteForward: Description(.writing, ["delete"], "delete the next character")
        case .deleteWord: Description(.writing, ["ctrl-w", "alt-backspace"], "delete a word")
        case .deleteToLineStart: Description(.writing, ["ctrl-u"], "delete to the start of the line")
        case .deleteToLineEnd: Description(.writing, ["ctrl-k"], "delete to the end of the line")
        case .moveLeft: Description(.writing, ["left", "ctrl-b"], "left")
        case .moveRight: Description(.writing, ["right"], "right")
        case .moveUp: Description(.writing, ["up"], "up; on the first line: what was sent before")
        case .moveDown: Description(.writing, ["down"], "down; on the last line: what was sent later")
        case .moveWordLeft: Description(.writing, ["ctrl-left", "alt-b", "alt-left"], "a word left")
        case .moveWordRight: Description(.writing, ["ctrl-right", "alt-f", "alt-right"], "a word right")
        case .moveToLineStart: Description(.writing, ["home", "ctrl-a"], "start of the line")
        case .moveToLineEnd: Description(.writing, ["end", "ctrl-e"], "end of the line")
        case .deleteWordForward: Description(.writing, ["alt-d", "ctrl-delete"], "delete the next word")
        case .undo: Description(.writing, ["ctrl-_", "ctrl-/"], "take the last change back")
        case .redo: Description(.writing, ["ctrl-y", "alt-_"], "make it again")
        case .selectLeft: Description(.writing, ["shift-left"], "select to the left")
        case .selectRight: Description(.writing, ["shift-right"], "select to the right")
        case .selectUp: Description(.writing, ["shift-up"], "select a line up; of one line: scroll back")
        case .selectDown: Description(.writing, ["shift-down"], "select a line down; of one line: scroll on")
        case .selectWordLeft: Description(.writing, ["ctrl-shift-left", "alt-shift-left"], "select a word left")
        case .selectWordRight: Description(.writing, ["ctrl-shift-right", "alt-shift-right"], "select a word right")
        case .selectToLineStart: Description(.writing, ["shift-home"], "select to the start of the line")
        case .selectToLineEnd: Description(.writing, ["shift-end"], "select to the end of the line")
        case .cut: Description(.writing, ["ctrl-x"], "copy what is selected, and delete it")
        case .paste:
            Description(.writing, ["ctrl-v"], "a picture from the clipboard, else its text", slash: "paste")
        case .unfoldPaste: Description(.writing, ["alt-x"], "show the words of a folded paste", slash: "unfold")
        case .editOutside: Description(.writing, ["alt-e"], "write on in your editor", slash: "edit")
        case .palette: Description(.program, ["ctrl-p"], "every command, found by its letters")
        case .chooseModel:
            Description(.program, ["alt-m"], "choose engine and model", slash: "model", argument: "[NAME]")
        case .chooseEngine:
            Description(
                .program, [], "choose the engine, or look for it again", slash: "engine", argument: "[NAME|URL]")
        case .chooseTheme:
            Description(.program, [], "choose the colours; each is shown at once", slash: "theme", argument: "[NAME]")
        case .newChat: Description(.program, ["ctrl-n"], "new chat", slash: "new")
        case .listChats: Description(.program, ["ctrl-r"], "earlier chats; letters search in them", slash: "history")
        case .help: Description(.program, ["f1"], "this help", slash: "help")
        case .redraw: Description(.program, ["ctrl-l"], "draw the screen again")
        case .suspend: Description(.program, ["ctrl-z"], "back to the shell; fg returns")
        case .endOfInput: Description(.program, ["ctrl-d"], "quit when nothing is written")
        case .quit: Description(.program, [], "quit", slash: "quit")
        }
    }

    /// The command that a slash command names.
    public init?(slash: some StringProtocol) {
        guard let command = Self.allCases.first(where: { $0.description.slash.map { $0 == slash } ?? false }) else {
            return nil
        }
        self = command
    }
}
