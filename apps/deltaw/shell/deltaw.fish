# SPDX-License-Identifier: Apache-2.0
# Completion for fish: deltaw itself says what could come next.
function __deltaw_complete
    set -l words (commandline -opc)
    set -l part (commandline -ct)
    for word in ($words[1] complete $words[2..-1] "$part" 2>/dev/null)
        switch $word
            case ':folders'
                __fish_complete_directories "$part"
            case ':files*'
                __fish_complete_path "$part"
            case '*'
                echo $word
        end
    end
end
complete -c deltaw -f -a '(__deltaw_complete)'
