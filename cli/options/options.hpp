#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/flag.hpp"
#include "cli/options/session_options.hpp"
#include "cli/options/state_options.hpp"
#include "engine/error.hpp"
#include "engine/http/message/wire_options.hpp"

namespace leat::cli {

/// One -d, --data-raw, --data-binary or --json.
struct DataPart {
  enum class Kind { text_or_file, raw, binary_or_file, json };
  Kind kind;
  std::string text;
};

/// What is the same in all requests of a command, as it was typed.
struct RequestOptions {
  std::vector<std::string> headers;
  std::optional<std::string> request;
  std::vector<DataPart> data;
  std::optional<std::string> user;
  std::optional<std::string> user_agent;
  bool insecure = false;
  bool location_trusted = false;
  std::optional<std::string> bearer;
  std::optional<std::string> referer;
  std::optional<std::string> upload;
  bool head = false;
  http::WireOptions wire;
};

/// What was typed after `leat get`, nothing of it checked. Where an option came twice the later one stands.
struct GetOptions : SessionOptions, StateOptions, RequestOptions {
  bool help = false;
  std::vector<std::string> urls;
  std::vector<std::string> inputs;
  std::optional<std::string> input_format;
  std::optional<std::string> columns;
  bool dedupe = false;

  std::optional<std::string> max_redirects;

  std::optional<std::string> jobs;
  std::optional<std::string> per_host;
  std::optional<std::string> rate;
  std::optional<std::string> per_host_rate;
  std::optional<std::string> limit_rate;
  std::optional<std::string> threads;
  std::optional<std::string> window;
  std::optional<std::string> timeout;
  std::optional<std::string> connect_timeout;
  std::optional<std::string> stall;
  std::optional<std::string> retry;
  std::optional<std::string> retry_max_time;
  std::optional<std::string> race;
  std::optional<std::string> segments;
  std::optional<std::string> min_segment;
  std::optional<std::string> max_size;
  std::optional<std::string> host_errors;
  std::optional<std::string> host_down;
  std::optional<std::string> retry_on;

  std::optional<std::string> output;
  std::optional<std::string> output_dir;
  std::optional<std::string> on_exist;
  std::optional<std::string> exec;
  bool remote_header_name = false;
  bool no_remote_time = false;
  bool durable = false;
  bool if_changed = false;
  std::optional<std::string> checksums;
  std::optional<std::string> hash;

  std::optional<std::string> order;
  std::optional<std::string> format;
  std::optional<std::string> fields;
  std::optional<std::string> include;
  bool plan = false;
  std::vector<std::string> run_level;  // those given that `leat run` has as well, as they are typed there
};

/// The flags of `leat get`, in the order of its help.
[[nodiscard]] std::span<const Flag> get_flags();

/// The Error says what is wrong with which argument.
[[nodiscard]] Result<GetOptions> parse_get_options(std::span<const std::string_view> arguments);

}  // namespace leat::cli
