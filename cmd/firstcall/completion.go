package main

import (
	"context"
	"slices"
	"strings"
)

func runCompletion(_ context.Context, in *invocation) error {
	shell := ""
	if len(in.args) == 1 {
		shell = in.args[0]
	}
	script, ok := completionScripts[shell]
	if !ok {
		return usagef(oneOf(shell, []string{"bash", "zsh", "fish"}), "completion needs one of bash, zsh and fish")
	}
	return writeAll(in.out, script)
}

// completionScripts ask the program itself what fits: its answer is a word a
// line, or the one line ":files" when files do.
var completionScripts = map[string]string{
	"bash": `_firstcall() {
    local cur words offered
    cur="${COMP_WORDS[COMP_CWORD]}"
    # bash splits --flag=value at the equals sign; only the value is completed.
    [[ "$cur" == "=" ]] && cur=""
    offered="$(firstcall __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)"
    if [[ "$offered" == ":files" ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    elif [[ -n "$offered" ]]; then
        mapfile -t COMPREPLY <<< "$offered"
    else
        COMPREPLY=()
    fi
}
complete -F _firstcall firstcall
`,
	"zsh": `#compdef firstcall
_firstcall() {
    local -a offered
    offered=("${(@f)$(firstcall __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ "${offered[1]}" == ":files" ]]; then
        _files
    elif [[ -n "${offered[1]}" ]]; then
        compadd -a offered
    fi
}
compdef _firstcall firstcall
`,
	"fish": `function __firstcall_complete
    set -l words (commandline -opc)
    set -l offered (firstcall __complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
    if test "$offered" = ":files"
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $offered
    end
end
complete -c firstcall -f -a '(__firstcall_complete)'
`,
}

// filesFit is what __complete answers when the shell should offer files.
const filesFit = ":files"

func runComplete(_ context.Context, in *invocation) error {
	offered := complete(program(), in.args)
	if offered == nil {
		return writeAll(in.out, filesFit+"\n")
	}
	if len(offered) == 0 {
		return nil
	}
	return writeAll(in.out, strings.Join(offered, "\n")+"\n")
}

// complete offers what the last of the words may become: commands, flags,
// values of flags, arguments. Nil means files.
func complete(root *command, words []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	before, prefix := words[:len(words)-1], words[len(words)-1]
	cmd, _, rest, err := locate(root, before)
	if err != nil {
		return []string{}
	}
	options := slices.Concat(cmd.options, globalOptions)
	// bash hands --flag=value over as three words.
	if n := len(rest); n > 0 && rest[n-1] == "=" {
		rest = rest[:n-1]
	}
	if prefix == "=" {
		prefix = ""
	}
	if n := len(rest); n > 0 && isFlag(rest[n-1], options) {
		if o, _ := find(options, strings.TrimLeft(rest[n-1], "-")); o.takesValue() {
			return o.completeValue(before, prefix)
		}
	}
	if name, value, ok := strings.Cut(prefix, "="); ok && strings.HasPrefix(name, "-") {
		o, known := find(options, strings.TrimLeft(name, "-"))
		if !known {
			return []string{}
		}
		return withPrefix(name+"=", o.completeValue(before, value))
	}
	if strings.HasPrefix(prefix, "-") {
		return flagNames(options, prefix)
	}
	if len(cmd.commands) > 0 {
		return commandNames(cmd, prefix)
	}
	if cmd.args == "" {
		return []string{}
	}
	if cmd.complete == nil {
		return nil
	}
	return cmd.complete(prefix)
}

// completeValue offers values; before is the line so far.
func (o option) completeValue(before []string, prefix string) []string {
	switch {
	case len(o.choices) > 0:
		return words(o.choices...)(prefix)
	case o.completeIn != nil:
		return o.completeIn(before, prefix)
	case o.complete != nil:
		return o.complete(prefix)
	default:
		return nil
	}
}

func withPrefix(prefix string, values []string) []string {
	if values == nil {
		return nil
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = prefix + v
	}
	return out
}

func flagNames(options []option, prefix string) []string {
	var names []string
	for _, o := range options {
		names = append(names, "--"+o.name)
	}
	return words(names...)(prefix)
}

func commandNames(c *command, prefix string) []string {
	var names []string
	for _, sub := range c.commands {
		if !sub.hidden {
			names = append(names, sub.name)
		}
	}
	return words(names...)(prefix)
}
