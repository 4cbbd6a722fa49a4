#include "cli/options/request_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "cli/options/option_value.hpp"
#include "cli/terminal/version.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

bool has_line_break_or_nul(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

Error unreadable(std::string_view option, const std::string& path, const Error& why) {
  return Error(Errc::bad_input, fmt::format("{}: {}: {}", option, text::in_quotes(path), why.message));
}

Status add_header(std::string field, std::size_t number, std::vector<std::string>& headers) {
  if (const auto error = http::check_header(field)) {
    return Error(Errc::bad_input,
                 fmt::format("--header: number {} (not shown): {}; takes \"Name: value\", or @FILE", number,
                             error->message));
  }
  headers.push_back(std::move(field));
  return std::nullopt;
}

// The lines of a file of headers; CRLF and blank lines are accepted.
Status add_headers_of(const std::string& text, std::size_t number, std::vector<std::string>& headers) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (auto error = add_header(std::string(line), number, headers)) return error;
  }
  return std::nullopt;
}

Status read_headers(const RequestOptions& options, System& system, std::vector<std::string>& headers) {
  for (std::size_t i = 0; i < options.headers.size(); ++i) {
    const std::string& given = options.headers[i];
    if (!given.starts_with('@')) {
      if (auto error = add_header(given, i + 1, headers)) return error;
      continue;
    }
    const auto file = system.read_file(given.substr(1));
    if (!file) return unreadable("--header", given.substr(1), file.error());
    if (auto error = add_headers_of(file.value(), i + 1, headers)) return error;
  }
  return std::nullopt;
}

Status read_method(const RequestOptions& options, std::string& method) {
  if (!options.request) return std::nullopt;
  const auto is_token = [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  };
  const std::string& given = *options.request;
  if (given.empty() || given.size() > 64 || !std::all_of(given.begin(), given.end(), is_token)) {
    return Error(Errc::bad_input,
                 fmt::format("--request: {} given; takes a method such as GET, PUT or DELETE",
                             text::in_quotes(given)));
  }
  method = given;
  return std::nullopt;
}

std::string_view name_of(DataPart::Kind kind) noexcept {
  switch (kind) {
    case DataPart::Kind::raw:
      return "--data-raw";
    case DataPart::Kind::binary_or_file:
      return "--data-binary";
    case DataPart::Kind::json:
      return "--json";
    default:
      return "--data";
  }
}

bool is_file(const DataPart& part) noexcept {
  return part.kind != DataPart::Kind::raw && part.text.starts_with('@');
}

// As curl: several parts are joined by '&', and -d @FILE loses CR, LF and NUL.
Status read_body(const RequestOptions& options, System& system, std::optional<std::string>& body) {
  for (const auto& part : options.data) {
    std::string text = part.text;
    if (is_file(part)) {
      auto file = system.read_file(part.text.substr(1));
      if (!file) return unreadable(name_of(part.kind), part.text.substr(1), file.error());
      text = std::move(file.value());
      if (part.kind == DataPart::Kind::text_or_file) {
        std::erase_if(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
      }
    }
    const char* const between = part.kind == DataPart::Kind::json ? "" : "&";
    body = body ? *body + between + text : std::move(text);
  }
  return std::nullopt;
}

Status complete_user(std::string_view option, System& system, std::string& userpwd) {
  if (userpwd.find(':') == std::string::npos) {
    const auto password = system.ask_secret(fmt::format("Password for user {}: ", text::in_quotes(userpwd)));
    if (!password) {
      return Error(
          Errc::bad_input,
          fmt::format("{}: no password given, and no terminal to ask for it; takes USER:PASSWORD", option));
    }
    userpwd += ":" + *password;
  }
  if (has_line_break_or_nul(userpwd)) {
    return Error(Errc::bad_input,
                 fmt::format("{}: a value with a line break (not shown) given; takes USER:PASSWORD", option));
  }
  return std::nullopt;
}

bool has_header(const std::vector<std::string>& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [name](const std::string& field) {
    return field.size() > name.size() && (field[name.size()] == ':' || field[name.size()] == ';') &&
           text::starts_with_ignoring_case(field, name);
  });
}

// What options other than -H make headers of; one of the user's own comes first.
Status add_made_headers(const RequestOptions& options, std::vector<std::string>& headers) {
  const auto add = [&headers](std::string_view name, const std::string& value) {
    if (!has_header(headers, name)) headers.push_back(fmt::format("{}: {}", name, value));
  };
  for (const auto& [option, value] :
       {std::pair{"--oauth2-bearer", &options.bearer}, {"--referer", &options.referer}}) {
    if (*value && has_line_break_or_nul(**value)) {
      return Error(Errc::bad_input, fmt::format("{}: a value with a line break (not shown) given", option));
    }
  }
  if (options.bearer) add("Authorization", "Bearer " + *options.bearer);
  if (options.referer) {
    if (options.referer->ends_with(";auto")) {
      return not_taken("--referer", *options.referer, "a URL; what a redirect leads from is not sent");
    }
    add("Referer", *options.referer);
  }
  const bool json = std::any_of(options.data.begin(), options.data.end(),
                                [](const DataPart& part) { return part.kind == DataPart::Kind::json; });
  if (!json) return std::nullopt;
  add("Content-Type", "application/json");
  add("Accept", "application/json");
  return std::nullopt;
}

Status read_upload(const RequestOptions& options, System& system, pipelines::FetchArgs& fetch) {
  if (options.head) {
    if (fetch.body || options.upload) {
      return Error(Errc::bad_input, "--head: given together with a body to send; give one or the other");
    }
    if (fetch.method.empty()) fetch.method = "HEAD";
  }
  if (!options.upload) return std::nullopt;
  const std::string& file = *options.upload;
  if (fetch.body)
    return Error(Errc::bad_input, "--upload-file: given together with -d; give one or the other");
  if (file == "-" || file == ".") {
    return not_taken("--upload-file", file, "a file; standard input can't be sent more than once");
  }
  if (const auto error = system.check_readable(file)) return unreadable("--upload-file", file, *error);
  std::string text;
  for (const char c : file) text.append(c == '{' || c == '}' ? 2 : 1, c);
  fetch.upload = std::move(text);
  return std::nullopt;
}

Status read_user_agent(const RequestOptions& options, std::string& user_agent) {
  user_agent = options.user_agent.value_or(fmt::format("leat/{}", leat_version()));
  if (has_line_break_or_nul(user_agent)) {
    return Error(Errc::bad_input, fmt::format("--user-agent: {} given; takes a text without line breaks",
                                              text::in_quotes(user_agent)));
  }
  return std::nullopt;
}

}  // namespace

std::string_view option_that_reads_stdin(const RequestOptions& options) noexcept {
  if (std::find(options.headers.begin(), options.headers.end(), "@-") != options.headers.end())
    return "--header";
  for (const auto& part : options.data) {
    if (is_file(part) && part.text == "@-") return name_of(part.kind);
  }
  return {};
}

Status read_request_options(const RequestOptions& options, System& system, pipelines::FetchArgs& fetch) {
  auto& client = fetch.client;
  if (auto error = read_headers(options, system, client.headers)) return error;
  if (auto error = read_method(options, fetch.method)) return error;
  if (auto error = read_body(options, system, fetch.body)) return error;
  if (auto error = read_user_agent(options, client.user_agent)) return error;
  if (auto error = add_made_headers(options, client.headers)) return error;
  if (auto error = read_upload(options, system, fetch)) return error;
  client.insecure = options.insecure;
  client.location_trusted = options.location_trusted;
  client.wire = options.wire;
  if (!client.wire.proxy_user.empty()) {
    if (auto error = complete_user("--proxy-user", system, client.wire.proxy_user)) return error;
  }
  if (!options.user) return std::nullopt;
  client.userpwd = *options.user;
  return complete_user("--user", system, client.userpwd);
}

}  // namespace leat::cli
