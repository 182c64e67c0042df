# Completion of crm in bash 4.4 or newer. Source this file, or save it where bash-completion looks for it.

_crm_completion() {
    local answer
    COMPREPLY=()
    mapfile -t answer < <(
        _CRM_COMPLETE=bash "${1/#\~\//$HOME/}" "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" </dev/null 2>/dev/null
    )
    if [[ ${answer[0]-} == files ]]; then
        compopt -o default
    else
        COMPREPLY=("${answer[@]:1}")
    fi
}

complete -o nosort -F _crm_completion crm
