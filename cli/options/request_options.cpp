#include "cli/options/request_options.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <utility>

#include "cli/options/form_body.hpp"
#include "cli/options/option_value.hpp"
#include "cli/options/url_data.hpp"
#include "engine/http/message/http_date.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/expr/template.hpp"

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
  for (auto line : text::split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (auto error = add_header(std::string(line), number, headers)) return error;
  }
  return std::nullopt;
}

Status read_headers(const Given& given, System& system, std::vector<std::string>& headers) {
  const auto lines = given.texts("header");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with('@')) {
      if (auto error = add_header(lines[i], i + 1, headers)) return error;
      continue;
    }
    const auto file = system.read_file(lines[i].substr(1));
    if (!file) return unreadable("--header", lines[i].substr(1), file.error());
    if (auto error = add_headers_of(file.value(), i + 1, headers)) return error;
  }
  return std::nullopt;
}

bool is_data(const GivenOption& one) noexcept {
  constexpr std::array<std::string_view, 5> kNames{"data", "data-raw", "data-binary", "json",
                                                   "data-urlencode"};
  return std::find(kNames.begin(), kNames.end(), one.option->name) != kNames.end();
}

bool is_file(const GivenOption& one) noexcept {
  if (one.option->name == "data-urlencode") {  // NAME@FILE, too
    const auto mark = one.text.find_first_of("=@");
    return mark != std::string::npos && one.text[mark] == '@';
  }
  return one.option->name != "data-raw" && one.text.starts_with('@');
}

// As curl: several parts are joined by '&', and -d @FILE loses CR, LF and NUL.
Status read_body(const Given& given, System& system, std::optional<std::string>& body) {
  for (const auto& one : given.options) {
    if (!is_data(one)) continue;
    std::string text = one.text;
    if (one.option->name == "data-urlencode") {
      auto encoded = url_encoded_data(text, system);
      if (!encoded) return Error(Errc::bad_input, "--data-urlencode: " + encoded.error().message);
      text = std::move(*encoded);
    } else if (is_file(one)) {
      auto file = system.read_file(text.substr(1));
      if (!file) return unreadable("--" + std::string(one.option->name), text.substr(1), file.error());
      text = std::move(file.value());
      if (one.option->name == "data") {
        std::erase_if(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
      }
    }
    if (!body) {
      body = std::move(text);
    } else {
      *body += (one.option->name == "json" ? "" : "&") + text;
    }
  }
  return std::nullopt;
}

bool has_header(const std::vector<std::string>& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [name](const std::string& field) {
    return field.find_first_of(":;") == name.size() && text::starts_with_ignoring_case(field, name);
  });
}

// --url-query, and with -G the data as well.
Status read_query(const Given& given, System& system, RequestConfig& request) {
  const auto add = [&request](const std::string& part) {
    if (!request.query.empty() && !part.empty()) request.query += '&';
    request.query += part;
  };
  for (const auto& value : given.texts("url-query")) {
    if (value.starts_with('+')) {
      add(value.substr(1));
      continue;
    }
    auto encoded = url_encoded_data(value, system);
    if (!encoded) return Error(Errc::bad_input, "--url-query: " + encoded.error().message);
    add(*encoded);
  }
  if (given.has("get") && request.body) {
    add(*request.body);
    request.body.reset();
  }
  if (std::any_of(request.query.begin(), request.query.end(),
                  [](char c) { return text::is_control(c) || c == ' '; }))
    return Error(Errc::bad_input,
                 "a blank or a control character in what is added to the URL; takes "
                 "--data-urlencode, which encodes it");
  return std::nullopt;
}

Status read_form_fields(const Given& given, System& system, RequestConfig& request) {
  if (!given.has("form") && !given.has("form-string")) return std::nullopt;
  if (request.body || given.has("get"))
    return Error(Errc::bad_input, "--form: given together with -d or -G; give one or the other");
  auto form = read_form(given, system);
  if (!form) return std::move(form.error());
  request.body = std::move(form->body);
  if (!has_header(request.headers, "Content-Type"))
    request.headers.push_back("Content-Type: " + form->content_type);
  return std::nullopt;
}

// "2026-01-31", "2026-01-31T12:34:56Z", which libcurl's reader of dates does not know.
std::optional<std::time_t> iso_time(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int end = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &end) != 3) return std::nullopt;
  if (const char* rest = text.c_str() + end; *rest != '\0') {
    int more = 0;
    const bool has_time = (*rest == 'T' || *rest == ' ') &&
                          std::sscanf(rest + 1, "%2d:%2d:%2d%n", &hour, &minute, &second, &more) == 3;
    const std::string_view zone = has_time ? rest + 1 + more : "?";
    if (!zone.empty() && zone != "Z") return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * std::time_t{86400} + hour * 3600 +
         minute * 60 + second;
}

// The time of a file, or a date; "-" in front asks for what has not changed since.
Status add_condition(const std::string& value, std::vector<std::string>& headers) {
  const bool older = value.starts_with('-');
  const std::string text = older ? value.substr(1) : value;
  struct stat status {};
  std::optional<std::time_t> time = iso_time(text);
  if (!time) time = http::parse_http_date(text);
  if (!time && ::stat(text.c_str(), &status) == 0) time = status.st_mtime;
  if (!time) return not_taken("--time-cond", value, "a date such as 2026-01-31, or a file that is there");
  headers.push_back((older ? "If-Unmodified-Since: " : "If-Modified-Since: ") + http::http_date(*time));
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

// What options other than -H make headers of; one of the user's own comes first.
Status add_made_headers(const Given& given, std::vector<std::string>& headers) {
  const auto add = [&headers](std::string_view name, const std::string& value) {
    if (!has_header(headers, name)) headers.push_back(fmt::format("{}: {}", name, value));
  };
  if (given.has("oauth2-bearer")) {
    const auto token = given.text("oauth2-bearer");
    if (has_line_break_or_nul(token))
      return Error(Errc::bad_input, "--oauth2-bearer: a value with a line break (not shown) given");
    add("Authorization", "Bearer " + token);
  }
  if (given.has("referer")) add("Referer", given.text("referer"));
  if (given.has("range")) add("Range", "bytes=" + given.text("range"));
  if (given.has("time-cond")) {
    if (auto error = add_condition(given.text("time-cond"), headers)) return error;
  }
  if (!given.has("json")) return std::nullopt;
  add("Content-Type", "application/json");
  add("Accept", "application/json");
  return std::nullopt;
}

Status read_upload(const Given& given, System& system, RequestConfig& request) {
  if (given.has("head")) {
    if (request.body || given.has("upload-file")) {
      return Error(Errc::bad_input, "--head: given together with a body to send; give one or the other");
    }
    if (request.method.empty()) request.method = "HEAD";
  }
  if (!given.has("upload-file")) return std::nullopt;
  const std::string file = given.text("upload-file");
  if (request.body)
    return Error(Errc::bad_input, "--upload-file: given together with -d; give one or the other");
  if (file == ".") return not_taken("--upload-file", file, "a file, or - for standard input");
  if (file == "-") {
    request.upload = file;
    return std::nullopt;
  }
  if (const auto error = system.check_readable(file)) return unreadable("--upload-file", file, *error);
  request.upload = pipelines::literal_template(file);
  return std::nullopt;
}

}  // namespace

std::string_view option_that_reads_stdin(const Given& given) noexcept {
  for (const auto& one : given.options) {
    const bool reads_file = one.option->name == "header" || (is_data(one) && is_file(one));
    if (reads_file && one.text.ends_with("@-")) return one.option->name;
    const bool is_form =
        one.option->name == "form" && (one.text.ends_with("=@-") || one.text.ends_with("=<-"));
    if (is_form ||
        ((one.option->name == "upload-file" || one.option->name == "checksums") && one.text == "-"))
      return one.option->name;
  }
  return {};
}

Result<RequestConfig> read_request_options(const Given& given, System& system) {
  RequestConfig request;
  request.method = given.text("request");
  request.userpwd = given.text("user");
  request.proxy_user = given.text("proxy-user");
  if (auto error = read_headers(given, system, request.headers)) return std::move(*error);
  if (auto error = read_body(given, system, request.body)) return std::move(*error);
  if (auto error = read_query(given, system, request)) return std::move(*error);
  if (auto error = read_form_fields(given, system, request)) return std::move(*error);
  if (auto error = add_made_headers(given, request.headers)) return std::move(*error);
  if (auto error = read_upload(given, system, request)) return std::move(*error);
  if (!request.proxy_user.empty()) {
    if (auto error = complete_user("--proxy-user", system, request.proxy_user)) return std::move(*error);
  }
  if (given.has("user")) {
    if (auto error = complete_user("--user", system, request.userpwd)) return std::move(*error);
  }
  return request;
}

}  // namespace leat::cli
