#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pipelines/spec/signature.hpp"
#include "pipelines/state/secrets.hpp"

namespace leat::pipelines {

// Where an option stands: on the command line of these commands, and as an argument of these stages. fetch
// stands for paginate and crawl as well.
inline constexpr unsigned kGet = 1;
inline constexpr unsigned kRun = 2;
inline constexpr unsigned kCheck = 4;
inline constexpr unsigned kBench = 8;
inline constexpr unsigned kFetch = 16;
inline constexpr unsigned kWork = 32;

/// One option: all that there is to know of it, but for what it does.
///
/// Command line, configuration file, LEAT_… and the arguments of stages are read by what a row says; --help,
/// `leat help STAGE`, completions, --plan, --print-config, the journal and the list of what is hidden are
/// made of it. Adding an option that goes to libcurl takes its row here, its line in http::wire_settings, and
/// its test.
///
/// The paragraphs of the manual are not in the rows: as C++ literals they would be two thirds of the table,
/// and the pages in man/ would say all of them again. They stand once, in the page, below the heading that
/// `leat generate man` prints of the row; the check `docs` holds that each row has exactly one, at its place.
///
/// All texts are literals.
struct Option {
  std::string_view name{};    // without its dashes; empty: it is an argument only
  std::string_view letter{};  // without its dash; may be empty
  std::string_view value{};   // what help calls the value; empty: a switch
  ArgType type = ArgType::text;
  std::uint64_t least = 0;  // as in ArgRow
  std::uint64_t most = UINT64_MAX;
  std::span<const std::string_view> choices{};
  TextCheck check = nullptr;
  TextCheck program_check = nullptr;
  bool repeatable = false;
  /// What holds where it is not given, as one would write it; empty: its absence means something of its own.
  std::string_view standard{};
  Secret secret = Secret::no;
  unsigned at = 0;                // where it stands
  std::string_view argument{};    // its key as an argument, where that is not the name
  std::string_view stands_for{};  // of a switch: the argument's value that it means; empty: true
  bool same_run = false;          // a journal is of another run where it differs
  bool to_libcurl = false;        // the argument's text goes to libcurl as it is: see WireOptions::direct
  bool typed_only = false;        // no file and no variable of the environment can give it
  std::string_view help{};        // one line without its full stop, the default and the repetition

  [[nodiscard]] constexpr bool is_switch() const noexcept { return value.empty(); }
  [[nodiscard]] constexpr std::string_view key() const noexcept { return argument.empty() ? name : argument; }
};

/// Options that belong together, below one heading of help and manual.
struct OptionTopic {
  std::string_view heading;
  std::span<const Option> rows;
};

/// The options that commands and stages have in common, in the order of the help.
[[nodiscard]] std::span<const OptionTopic> shared_options() noexcept;

// Their topics, a file each.
[[nodiscard]] std::span<const Option> request_options() noexcept;
[[nodiscard]] std::span<const Option> credential_options() noexcept;
[[nodiscard]] std::span<const Option> way_options() noexcept;
[[nodiscard]] std::span<const Option> tls_options() noexcept;
[[nodiscard]] std::span<const Option> schedule_options() noexcept;
[[nodiscard]] std::span<const Option> file_options() noexcept;
[[nodiscard]] std::span<const Option> output_options() noexcept;

/// What fetch takes, and paginate and crawl with it: the rows of all that stand there.
[[nodiscard]] std::span<const ArgRow> fetch_arg_rows();

/// The row as the spec's reader of values takes it.
[[nodiscard]] ArgRow arg_row(const Option& option) noexcept;

}  // namespace leat::pipelines
