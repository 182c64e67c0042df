#compdef crm
# Completion of crm in zsh. Save this file as _crm in a folder of your fpath, or source it after compinit.

_crm() {
    local program=${(Q)words[1]}
    local -a answer values helps shown
    program=${program/#\~\//$HOME/}
    answer=("${(@f)$(_CRM_COMPLETE=zsh "$program" "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" </dev/null 2>/dev/null)}")
    if [[ $answer[1] == files ]]; then
        _files
        return
    fi
    shift answer
    (( $#answer )) || return 1
    values=("${(@)answer%%$'\t'*}")
    shown=("${(@)answer/$'\t'/  -- }")
    shown=("${(@)shown%  -- }")
    if [[ "${shown[*]}" == *'  -- '* ]]; then
        compadd -U -l -V crm -d shown -a values
    else
        compadd -U -V crm -a values
    fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _crm "$@"
else
    compdef _crm crm
fi
