# Asks Scry about what the terminal shows, on Alt+Q. In ~/.config/fish/config.fish:
#
#     source /usr/local/share/scry/widget.fish
#
# What is written on the line is the question; an empty line asks for an explanation of the error. The text comes from tmux,
# kitty, WezTerm or GNU screen; in other terminals a picture of the active window goes along instead.
# `scry_ask_last COMMAND` runs a command and asks about what it prints.

set -g __scry_share (dirname (status filename))

function __scry_ask
    set -l question (commandline)
    set -l words -p explain-error
    test -n "$question"; and set words -- "$question"
    commandline ''
    echo
    set -l text ($__scry_share/visible-text 2>/dev/null | string collect)
    if test -n "$text"
        printf '%s\n' "$text" | scry ask $words
    else
        scry ask --window active $words </dev/null
    end
    commandline -f repaint
end

function scry_ask_last
    set -l output ($argv 2>&1 | string collect)
    set -l code $pipestatus[1]
    printf '%s\n' "$output"
    printf '$ %s\n%s\n[exit status %s]\n' "$argv" "$output" $code | scry ask -p explain-error
    return $code
end

status is-interactive; and bind \eq __scry_ask
