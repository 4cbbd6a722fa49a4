#pragma once

#include <string>

namespace leat::cli {

// Completions of a shell, made of the tables: commands, the options of each, the words that an option takes,
// files where it takes one, and the names of stages behind `leat help`.

/// To be sourced, or put into /usr/share/bash-completion/completions/leat.
[[nodiscard]] std::string bash_completions();

/// A file _leat in a folder of $fpath.
[[nodiscard]] std::string zsh_completions();

/// A file leat.fish in ~/.config/fish/completions.
[[nodiscard]] std::string fish_completions();

}  // namespace leat::cli
