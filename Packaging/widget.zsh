# Asks Scry about what the terminal shows, on Alt+Q. In ~/.zshrc:
#
#     source /usr/local/share/scry/widget.zsh
#
# What is written on the line is the question; an empty line asks for an explanation of the error. The text comes from tmux,
# kitty, WezTerm or GNU screen; in other terminals a picture of the active window goes along instead.
# `scry_ask_last COMMAND` runs a command and asks about what it prints.

__scry_share=${${(%):-%x}:A:h}

__scry_ask() {
    local question=$BUFFER text
    local -a words=(-p explain-error)
    [[ -n $question ]] && words=(-- "$question")
    BUFFER=''
    # The prompt comes back below by itself; drawing it anew would draw it over the answer.
    zle -I
    if text=$("$__scry_share/visible-text" 2>/dev/null) && [[ -n $text ]]; then
        print -r -- "$text" | scry ask "${words[@]}"
    else
        scry ask --window active "${words[@]}" </dev/null
    fi
}

scry_ask_last() {
    local output code
    output=$("$@" 2>&1)
    code=$?
    print -r -- "$output"
    print -r -- "\$ $*"$'\n'"$output"$'\n'"[exit status $code]" | scry ask -p explain-error
    return $code
}

if [[ -o interactive ]]; then
    zle -N __scry_ask
    bindkey '^[q' __scry_ask
fi
