# Asks Scry about what the terminal shows, on Alt+Q. In ~/.bashrc:
#
#     source /usr/local/share/scry/widget.bash
#
# What is written on the line is the question; an empty line asks for an explanation of the error. The text comes from tmux,
# kitty, WezTerm or GNU screen; in other terminals a picture of the active window goes along instead.
# `scry_ask_last COMMAND` runs a command and asks about what it prints.

__scry_share=$(dirname -- "${BASH_SOURCE[0]}")

__scry_ask() {
    local question=$READLINE_LINE text
    local -a words=(-p explain-error)
    [[ -n $question ]] && words=(-- "$question")
    READLINE_LINE='' READLINE_POINT=0
    printf '\n'
    if text=$("$__scry_share/visible-text" 2>/dev/null) && [[ -n $text ]]; then
        printf '%s\n' "$text" | scry ask "${words[@]}"
    else
        scry ask --window active "${words[@]}" </dev/null
    fi
}

scry_ask_last() {
    local output status
    output=$("$@" 2>&1)
    status=$?
    printf '%s\n' "$output"
    printf '$ %s\n%s\n[exit status %s]\n' "$*" "$output" "$status" | scry ask -p explain-error
    return "$status"
}

[[ $- == *i* ]] && bind -x '"\eq": __scry_ask'
