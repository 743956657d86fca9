# Completions and man pages into the person's own folders, those that are there already: sourced by puter.sh.
# Nothing is made for a shell that nobody here uses, and nothing of this stops the set-up.

# The folders in which shells and `man` look by themselves.
install_manners() {
    local data=${XDG_DATA_HOME:-$HOME/.local/share} config=${XDG_CONFIG_HOME:-$HOME/.config}
    put_completion bash "$data/bash-completion/completions" batos
    put_completion zsh "$data/zsh/site-functions" _batos
    put_completion fish "$config/fish/completions" batos.fish
    if [ -d "$data/man/man1" ] && [ -w "$data/man/man1" ]; then
        "$PROGRAM" man --out "$data/man/man1" >/dev/null || true
    fi
}

# put_completion SHELL FOLDER FILE
put_completion() {
    if [ -d "$2" ] && [ -w "$2" ]; then
        "$PROGRAM" completions "$1" >"$2/$3" || true
    fi
}
