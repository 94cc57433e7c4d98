// SPDX-License-Identifier: BSL-1.0
#include "../console/answer.hpp"
#include "verb.hpp"

#include <fmt/format.h>

#include <memory>

// Completions and the manual's page say what --help says: both are made of the command line's own texts.

namespace migrator {

namespace {

struct flag_texts {
    std::string name;  ///< without its dashes
    std::string help;
    bool takes_value;
    std::string choices;  ///< apart by blanks
};

struct verb_texts {
    std::string name;  ///< "schema apply"
    std::string help;
    std::string footer;
    std::vector<flag_texts> flags;
    std::string choices;  ///< of what stands without a flag
};

/// Of a type's name those in braces: TEXT:{a,b}.
std::string choices_of(const CLI::Option& option) {
    const auto type = option.get_type_name();
    const auto open = type.find('{');
    const auto close = type.find('}');
    if (open == std::string::npos || close == std::string::npos) {
        return {};
    }
    auto choices = type.substr(open + 1, close - open - 1);
    std::replace(choices.begin(), choices.end(), ',', ' ');
    return choices;
}

void add_flags(CLI::App& verb, verb_texts& texts) {
    for (const auto* each : verb.get_options()) {
        if (each->get_lnames().empty()) {
            texts.choices = choices_of(*each);
            continue;
        }
        texts.flags.push_back({each->get_lnames().front(), each->get_description(),
                               each->get_items_expected_max() > 0 && each->get_type_size_max() > 0,
                               choices_of(*each)});
    }
    // Groups of options have no name.
    for (auto* group : verb.get_subcommands([](CLI::App* a) { return a->get_name().empty(); })) {
        add_flags(*group, texts);
    }
}

void add_verbs(CLI::App& app, const std::string& before, std::vector<verb_texts>& all) {
    for (auto* verb : app.get_subcommands([](CLI::App* a) { return !a->get_name().empty(); })) {
        verb_texts texts{before + verb->get_name(), verb->get_description(), verb->get_footer(), {}, {}};
        add_flags(*verb, texts);
        all.push_back(std::move(texts));
        add_verbs(*verb, all.back().name + " ", all);
    }
}

std::string joined(const std::vector<verb_texts>& all, std::string_view before) {
    std::string words;
    for (const auto& verb : all) {
        const bool below = verb.name.starts_with(before);
        const auto rest = below ? verb.name.substr(before.size()) : std::string();
        if (below && !rest.empty() && rest.find(' ') == std::string::npos) {
            words += (words.empty() ? "" : " ") + rest;
        }
    }
    return words;
}

std::string bash_of(const std::vector<verb_texts>& all) {
    std::string text =
        "_migrator() {\n"
        "    local verb=\"${COMP_WORDS[1]}\" now=\"${COMP_WORDS[COMP_CWORD]}\" words=\n"
        "    if [ \"$verb\" = schema ] && [ \"$COMP_CWORD\" -gt 2 ]; then verb=\"schema ${COMP_WORDS[2]}\"; "
        "fi\n"
        "    case \"$verb\" in\n";
    std::string values;
    for (const auto& verb : all) {
        std::string words = joined(all, verb.name + " ") + verb.choices;
        for (const auto& flag : verb.flags) {
            words += " --" + flag.name;
            if (!flag.choices.empty()) {
                values += fmt::format("    '{} --{}') words='{}' ;;\n", verb.name, flag.name, flag.choices);
            }
        }
        text += fmt::format("    '{}') words='{}' ;;\n", verb.name, words);
    }
    return text + "    esac\n    case \"$verb ${COMP_WORDS[COMP_CWORD-1]}\" in\n" + values + "    esac\n" +
           fmt::format("    if [ \"$COMP_CWORD\" -eq 1 ]; then words='{}'; fi\n", joined(all, "")) +
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$now\"))\n"
           "    case \"$now\" in -*) ;; *) COMPREPLY+=($(compgen -f -- \"$now\")) ;; esac\n"
           "}\ncomplete -F _migrator migrator\n";
}

/// In single quotes, for both shells.
std::string quoted(std::string text) {
    std::string safe;
    for (const char c : text) {
        safe += c == '\'' ? "'\\''" : c == '[' ? "(" : c == ']' ? ")" : c == ':' ? "\\:" : std::string(1, c);
    }
    return safe;
}

std::string zsh_of(const std::vector<verb_texts>& all) {
    std::string text =
        "#compdef migrator\n_migrator() {\n    local verb=$words[2]\n"
        "    if [[ $verb == schema && $CURRENT -gt 3 ]]; then verb=\"schema $words[3]\"; fi\n";
    const auto list = [&](std::string_view before) {
        std::string verbs;
        for (const auto& verb : all) {
            if (verb.name.starts_with(before) && verb.name.find(' ', before.size()) == std::string::npos) {
                verbs += fmt::format(" '{}:{}'", verb.name.substr(before.size()), quoted(verb.help));
            }
        }
        return fmt::format("local -a verbs=({}); _describe verb verbs; return", verbs);
    };
    text += fmt::format("    if (( CURRENT == 2 )); then {}; fi\n", list(""));
    text += "    case $verb in\n";
    for (const auto& verb : all) {
        if (!joined(all, verb.name + " ").empty()) {
            text += fmt::format("    '{}') {} ;;\n", verb.name, list(verb.name + " "));
            continue;
        }
        text += fmt::format("    '{}') _arguments", verb.name);
        for (const auto& flag : verb.flags) {
            text += fmt::format(" '--{}[{}]{}'", flag.name, quoted(flag.help),
                                !flag.choices.empty() ? ":value:(" + flag.choices + ")"
                                : flag.takes_value    ? ":value:_files"
                                                      : "");
        }
        text += verb.choices.empty() ? " '*:store:_files' ;;\n" : " '*:engine:(" + verb.choices + ")' ;;\n";
    }
    return text + "    esac\n}\n_migrator \"$@\"\n";
}

std::string fish_of(const std::vector<verb_texts>& all) {
    std::string text;
    for (const auto& verb : all) {
        const auto space = verb.name.find(' ');
        const auto top = verb.name.substr(0, space);
        const auto last = space == std::string::npos ? top : verb.name.substr(space + 1);
        text += fmt::format(
            "complete -c migrator -n '{}' -a '{}' -d '{}'\n",
            space == std::string::npos ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + top, last,
            quoted(verb.help));
        for (const auto& flag : verb.flags) {
            text +=
                fmt::format("complete -c migrator -n '__fish_seen_subcommand_from {}' -l {} -d '{}'{}{}\n",
                            last, flag.name, quoted(flag.help), flag.takes_value ? " -r" : "",
                            flag.choices.empty() ? "" : " -a '" + flag.choices + "'");
        }
    }
    return text;
}

/// Text as roff reads it: no backslash, and no line that begins a request.
std::string in_roff(std::string_view text) {
    std::string safe;
    bool begins = true;
    for (const char c : text) {
        safe += begins && (c == '.' || c == '\'') ? "\\&" : "";
        safe += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
        begins = c == '\n';
    }
    return safe;
}

std::string manual_of(const CLI::App& app, const std::vector<verb_texts>& all) {
    auto text = fmt::format(
        ".TH MIGRATOR 1\n.SH NAME\nmigrator \\- {}\n.SH SYNOPSIS\nmigrator VERB [FLAG...] [STORE]\n.SH "
        "VERBS\n",
        in_roff(app.get_description()));
    for (const auto& verb : all) {
        text += fmt::format(".SS {}\n{}\n", in_roff(verb.name), in_roff(verb.help));
        for (const auto& flag : verb.flags) {
            text += fmt::format(".TP\n.B \\-\\-{}{}\n{}\n", in_roff(flag.name),
                                !flag.choices.empty() ? " " + in_roff(flag.choices)
                                : flag.takes_value    ? " VALUE"
                                                      : "",
                                in_roff(flag.help));
        }
        if (!verb.footer.empty()) {
            text += ".PP\n.nf\n" + in_roff(verb.footer) + "\n.fi\n";
        }
    }
    return text;
}

}  // namespace

void add_manual(CLI::App& app, action& chosen) {
    const auto shell = std::make_shared<std::string>();
    const auto texts = [&app] {
        std::vector<verb_texts> all;
        add_verbs(app, "", all);
        return all;
    };
    const auto show = [](const std::string& text) {
        answer::given().add("text", text);
        say("{}", lines{text});
        return 0;
    };
    auto* completion = app.add_subcommand("completion", "Prints what has a shell complete verbs and flags");
    completion->add_option("shell", *shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completion->callback([&chosen, shell, texts, show] {
        chosen = [shell, texts, show] {
            const auto all = texts();
            return show(*shell == "bash" ? bash_of(all) : *shell == "zsh" ? zsh_of(all) : fish_of(all));
        };
    });
    app.add_subcommand("man", "Prints the manual's page, for man -l")->callback([&app, &chosen, texts, show] {
        chosen = [&app, texts, show] { return show(manual_of(app, texts())); };
    });
}

}  // namespace migrator
