# fish completion for hupd(1). Made from the program's own flags (tests/unit/manual): edit those.

# Words of the command line without flags and their values: the command first.
function __hupd_words
    set -l skip
    for word in (commandline -opc)[2..-1]
        if test -n "$skip"
            set skip
            continue
        end
        switch $word
            case --config --control --group --listen --log-file --log-format --log-level --pid-file --set --timeout --to --trusted-group --trusted-user --user --workers -l -w
                set skip 1
            case '-*'
            case '*'
                echo -- $word
        end
    end
end

# Has one of these commands been given? Without any: has none?
function __hupd_command
    set -l words (__hupd_words)
    test (count $argv) = 0; and test (count $words) = 0; and return 0
    test (count $words) != 0; and contains -- $words[1] $argv
end

# Apps of the running master: nothing, and no word, where there is none.
function __hupd_apps
    set -l tokens (commandline -opc)
    set -l where
    for i in (seq 2 (count $tokens))
        switch $tokens[$i]
            case '--control=*' '--config=*' '*/*' '*.toml'
                set where $where $tokens[$i]
            case --control --config
                set where $where $tokens[$i] $tokens[(math $i + 1)]
        end
    end
    $tokens[1] status --names $where 2>/dev/null
end

complete -c hupd -f
complete -c hupd -n __hupd_command -l version -d 'Print the version'
complete -c hupd -n __hupd_command -s h -l help -d 'Print this help'
complete -c hupd -l control -r -F -d 'The master\'s control socket, to make or to find it'

complete -c hupd -n __hupd_command -a run -d 'Serve applications in the foreground'
complete -c hupd -n '__hupd_command run' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command run' -s l -l listen -x -d '127.0.0.1:8080, [::]:8080, :8080, unix:PATH or systemd:NAME'
complete -c hupd -n '__hupd_command run' -s w -l workers -x -d 'Worker processes, or "auto": one per CPU'
complete -c hupd -n '__hupd_command run' -l user -x -a '(__fish_complete_users)' -d 'Workers run as this user'
complete -c hupd -n '__hupd_command run' -l group -x -a '(__fish_complete_groups)' -d 'Workers run as this group'
complete -c hupd -n '__hupd_command run' -l pid-file -r -F -d 'Write the master\'s process id there'
complete -c hupd -n '__hupd_command run' -l log-level -x -a 'debug info warning error' -d 'The least important lines to write'
complete -c hupd -n '__hupd_command run' -l log-format -x -a 'text json' -d 'Lines of text, or JSON objects'
complete -c hupd -n '__hupd_command run' -l log-file -r -F -d 'Append the log there instead of standard error'
complete -c hupd -n '__hupd_command run' -l trusted-user -x -a '(__fish_complete_users)' -d 'For root: USER may own the configuration and the libraries, too'
complete -c hupd -n '__hupd_command run' -l trusted-group -x -a '(__fish_complete_groups)' -d 'For root: GROUP may write the configuration and the libraries, too'
complete -c hupd -n '__hupd_command run' -l no-ownership-check -d 'For root: take them whoever may write them'
complete -c hupd -n '__hupd_command run' -l set -x -d 'Any key of the configuration, such as app.web.workers=4'

complete -c hupd -n __hupd_command -a check -d 'Report all that is wrong with a configuration'
complete -c hupd -n '__hupd_command check' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command check' -s l -l listen -x -d '127.0.0.1:8080, [::]:8080, :8080, unix:PATH or systemd:NAME'
complete -c hupd -n '__hupd_command check' -s w -l workers -x -d 'Worker processes, or "auto": one per CPU'
complete -c hupd -n '__hupd_command check' -l user -x -a '(__fish_complete_users)' -d 'Workers run as this user'
complete -c hupd -n '__hupd_command check' -l group -x -a '(__fish_complete_groups)' -d 'Workers run as this group'
complete -c hupd -n '__hupd_command check' -l pid-file -r -F -d 'Write the master\'s process id there'
complete -c hupd -n '__hupd_command check' -l log-level -x -a 'debug info warning error' -d 'The least important lines to write'
complete -c hupd -n '__hupd_command check' -l log-format -x -a 'text json' -d 'Lines of text, or JSON objects'
complete -c hupd -n '__hupd_command check' -l log-file -r -F -d 'Append the log there instead of standard error'
complete -c hupd -n '__hupd_command check' -l trusted-user -x -a '(__fish_complete_users)' -d 'For root: USER may own the configuration and the libraries, too'
complete -c hupd -n '__hupd_command check' -l trusted-group -x -a '(__fish_complete_groups)' -d 'For root: GROUP may write the configuration and the libraries, too'
complete -c hupd -n '__hupd_command check' -l no-ownership-check -d 'For root: take them whoever may write them'
complete -c hupd -n '__hupd_command check' -l set -x -d 'Any key of the configuration, such as app.web.workers=4'

complete -c hupd -n __hupd_command -a reload -d 'Reload configuration and libraries; exits with the result'
complete -c hupd -n '__hupd_command reload' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command reload' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command reload' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'
complete -c hupd -n '__hupd_command reload' -l json -d 'Lines of JSON, see src/control/schema'
complete -c hupd -n '__hupd_command reload' -l drained -d 'Wait for the old workers\' end, too'
complete -c hupd -n '__hupd_command reload' -l no-wait -d 'Do not wait for the result'
complete -c hupd -n '__hupd_command reload' -l no-probation -d 'Do not wait for the end of probation'
complete -c hupd -n '__hupd_command reload' -l changed -d 'Only apps whose library or configuration is another one'
complete -c hupd -n '__hupd_command reload' -l force -d 'Also what has failed its probation before'

complete -c hupd -n __hupd_command -a rollback -d 'Go back to the version that served before'
complete -c hupd -n '__hupd_command rollback' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command rollback' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command rollback' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'
complete -c hupd -n '__hupd_command rollback' -l json -d 'Lines of JSON, see src/control/schema'
complete -c hupd -n '__hupd_command rollback' -l drained -d 'Wait for the old workers\' end, too'
complete -c hupd -n '__hupd_command rollback' -l no-wait -d 'Do not wait for the result'
complete -c hupd -n '__hupd_command rollback' -l to -x -d 'Back to that of this generation'

complete -c hupd -n __hupd_command -a promote -d 'A canary is well: let the other workers follow'
complete -c hupd -n '__hupd_command promote' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command promote' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command promote' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'
complete -c hupd -n '__hupd_command promote' -l json -d 'Lines of JSON, see src/control/schema'
complete -c hupd -n '__hupd_command promote' -l drained -d 'Wait for the old workers\' end, too'
complete -c hupd -n '__hupd_command promote' -l no-wait -d 'Do not wait for the result'
complete -c hupd -n '__hupd_command promote' -l no-probation -d 'Do not wait for the end of probation'

complete -c hupd -n __hupd_command -a abort -d 'End the reload in flight; what serves goes on'
complete -c hupd -n '__hupd_command abort' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command abort' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command abort' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'
complete -c hupd -n '__hupd_command abort' -l json -d 'Lines of JSON, see src/control/schema'

complete -c hupd -n __hupd_command -a wait -d 'Wait for the end of reloads under way; exits as reload does'
complete -c hupd -n '__hupd_command wait' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command wait' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command wait' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'
complete -c hupd -n '__hupd_command wait' -l json -d 'Lines of JSON, see src/control/schema'
complete -c hupd -n '__hupd_command wait' -l drained -d 'Wait for the old workers\' end, too'
complete -c hupd -n '__hupd_command wait' -l no-probation -d 'Do not wait for the end of probation'

complete -c hupd -n __hupd_command -a status -d 'What is wrong; generations, workers and what they do'
complete -c hupd -n '__hupd_command status' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command status' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command status' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'
complete -c hupd -n '__hupd_command status' -l json -d 'Lines of JSON, see src/control/schema'
complete -c hupd -n '__hupd_command status' -l watch -d 'Again each second'

complete -c hupd -n __hupd_command -a history -d 'The last reloads and their results, and who served when'
complete -c hupd -n '__hupd_command history' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command history' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command history' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'
complete -c hupd -n '__hupd_command history' -l json -d 'Lines of JSON, see src/control/schema'

complete -c hupd -n __hupd_command -a watch -d 'The steps of reloads, as they are taken'
complete -c hupd -n '__hupd_command watch' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command watch' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command watch' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'
complete -c hupd -n '__hupd_command watch' -l json -d 'Lines of JSON, see src/control/schema'

complete -c hupd -n __hupd_command -a metrics -d 'What status has, as OpenMetrics text'
complete -c hupd -n '__hupd_command metrics' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command metrics' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command metrics' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'

complete -c hupd -n __hupd_command -a scale -d 'So many workers, until the next reload'
complete -c hupd -n '__hupd_command scale' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command scale' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command scale' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'

complete -c hupd -n __hupd_command -a stop -d 'Stop the master gracefully, and wait for its end'
complete -c hupd -n '__hupd_command stop' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command stop' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command stop' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'
complete -c hupd -n '__hupd_command stop' -l quick -d 'At once'

complete -c hupd -n __hupd_command -a upgrade -d 'Put the hupd that is on disk now in the master\'s place'
complete -c hupd -n '__hupd_command upgrade' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command upgrade' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command upgrade' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'
complete -c hupd -n '__hupd_command upgrade' -l json -d 'Lines of JSON, see src/control/schema'
complete -c hupd -n '__hupd_command upgrade' -l no-wait -d 'Do not wait for the result'

complete -c hupd -n __hupd_command -a logs-reopen -d 'Open the log file anew'
complete -c hupd -n '__hupd_command logs-reopen' -s h -l help -d 'Print this help'
complete -c hupd -n '__hupd_command logs-reopen' -l config -r -F -d 'A configuration, to find the master by'
complete -c hupd -n '__hupd_command logs-reopen' -l timeout -x -d 'Give up waiting after so long, such as 30s (10s where no reload or end is waited for, 30s for an upgrade)'

complete -c hupd -n '__hupd_command reload rollback promote abort wait status history watch metrics scale' -a '(__hupd_apps)' -d App
complete -c hupd -n '__hupd_command reload rollback promote abort wait status history watch metrics scale' -k -a '(__fish_complete_suffix .toml)'
complete -c hupd -n '__hupd_command run check' -F
