# Completion of crm in fish. Save this file as crm.fish in the folder completions of fish's own.

function __crm_completion
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l answer (_CRM_COMPLETE=fish $program $words[2..-1] "$last" </dev/null 2>/dev/null)
    if test "$answer[1]" = files
        __fish_complete_path "$last"
    else
        printf '%s\n' $answer[2..-1]
    end
end

complete --command crm --no-files --keep-order --arguments '(__crm_completion)'
