extension ChatPage {
    /// The colours of the chat's own themes, on a page.
    static let style = """
        :root { color-scheme: light dark; --back: #fdfdfc; --text: #1f2328; --dim: #656d76; --line: #d8dee4;
            --user: #0a5fb4; --panel: #f3f5f7; --code: #8a3ffc; --link: #0a5fb4; }
        @media (prefers-color-scheme: dark) { :root { --back: #14171c; --text: #dfe3e8; --dim: #8b949e; --line: #2d333b;
            --user: #6cb6ff; --panel: #1c2128; --code: #d2a8ff; --link: #6cb6ff; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 52rem; padding: 1.5rem; background: var(--back); color: var(--text);
            font: 16px/1.6 system-ui, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
        h1 { font-size: 1.35rem; margin: 0; }
        header { border-bottom: 1px solid var(--line); padding-bottom: .75rem; }
        header p, footer, figcaption, .label, summary { color: var(--dim); font-size: .85rem; margin: .25rem 0 0; }
        section { margin: 1.5rem 0; }
        .user { border-left: 3px solid var(--user); padding-left: 1rem; }
        .words { white-space: pre-wrap; }
        .user > .words { font-weight: 500; }
        details { margin: .5rem 0; }
        summary { cursor: pointer; }
        details .words { color: var(--dim); border-left: 1px solid var(--line); padding-left: 1rem; font-size: .92rem; }
        .answer > :first-child { margin-top: 0; }
        .answer > :last-child { margin-bottom: 0; }
        .answer h1, .answer h2, .answer h3 { font-size: 1.1rem; line-height: 1.3; margin: 1.2em 0 .4em; }
        a { color: var(--link); }
        code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
        code { color: var(--code); }
        pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem;
            overflow-x: auto; line-height: 1.45; }
        pre code { color: inherit; }
        blockquote { margin: 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--dim); }
        table { border-collapse: collapse; display: block; overflow-x: auto; }
        th, td { border: 1px solid var(--line); padding: .3rem .7rem; }
        th { background: var(--panel); }
        hr { border: 0; border-top: 1px solid var(--line); }
        figure { margin: .5rem 0; }
        img { max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; display: block; }
        .frames { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: .75rem; }
        @media print { body { max-width: none; } details { display: block; } }

        """
}
