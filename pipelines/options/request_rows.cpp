#include <array>

#include "engine/http/message/url.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/options/option.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::pipelines {

namespace {

std::optional<TextFault> check_header_line(const std::string& text) {
  if (auto error = http::check_header(text)) return TextFault{0, std::move(error->message)};
  return std::nullopt;
}

// The name stands as it is, its value may have fields.
std::optional<TextFault> check_header_template(const std::string& text) {
  if (auto fault = check_header_line(text)) return fault;
  const auto brace = text.find('{');
  if (brace < text.find(':')) return TextFault{brace, "the name of a header has no fields"};
  return check_text(text);
}

// The name stands as it is, the value may have fields.
std::optional<TextFault> check_form(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return TextFault{0, "takes NAME=VALUE"};
  if (const auto brace = text.find('{'); brace < equals) {
    return TextFault{brace, "the name before = has no fields"};
  }
  return check_text(text);
}

std::optional<TextFault> check_method(const std::string& text) {
  if (!http::check_method(text)) return std::nullopt;
  return TextFault{0, "takes a method such as GET, PUT or DELETE"};
}

std::optional<TextFault> check_agent(const std::string& text) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos) return std::nullopt;
  return TextFault{0, "takes a text without line breaks"};
}

std::optional<TextFault> check_referer(const std::string& text) {
  if (text.ends_with(";auto")) return TextFault{0, "takes a URL; what a redirect leads from is not sent"};
  if (text.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos) return std::nullopt;
  return TextFault{0, "takes a URL without line breaks"};
}

std::optional<TextFault> check_range(const std::string& text) {
  const bool is_right = !text.empty() && text.find_first_not_of("0123456789-,") == std::string::npos &&
                        text.find('-') != std::string::npos;
  if (is_right) return std::nullopt;
  return TextFault{0, "takes a range of bytes: 0-99, 100-, -500, or several with commas"};
}

constexpr std::array kRows{
    Option{.name = "header",
           .letter = "H",
           .value = "LINE",
           .repeatable = true,
           .secret = Secret::header,
           .at = kGet | kBench,
           .same_run = true,
           .help = "add the header \"Name: value\"; @FILE adds its lines"},
    Option{.value = "LINE",
           .type = ArgType::header,
           .repeatable = true,
           .secret = Secret::header,
           .at = kFetch,
           .argument = "default-header",
           .help = "\"Name: value\", sent unchanged with every request, as get's -H"},
    Option{.value = "TEMPLATE",
           .type = ArgType::temp,
           .check = check_header_template,
           .repeatable = true,
           .secret = Secret::header,
           .at = kFetch,
           .argument = "header",
           .help = "\"Name: value\", with fields of the record"},
    Option{.name = "request",
           .letter = "X",
           .value = "METHOD",
           .check = check_method,
           .at = kGet | kBench | kFetch,
           .argument = "default-method",
           .same_run = true,
           .help = "use METHOD in place of GET, or of POST with a body"},
    Option{.value = "TEMPLATE",
           .type = ArgType::expr,
           .check = check_text,
           .program_check = check_program,
           .at = kFetch,
           .argument = "method",
           .help = "the method (default the record's own, or GET, or POST with a body)"},
    Option{.value = "TEMPLATE",
           .type = ArgType::expr,
           .check = check_text,
           .program_check = check_program,
           .at = kFetch,
           .argument = "url",
           .help = "the URL, from the record's fields (default its own)"},
    Option{.name = "data",
           .letter = "d",
           .value = "DATA",
           .repeatable = true,
           .secret = Secret::all,
           .at = kGet | kBench,
           .same_run = true,
           .help = "send DATA, or @FILE without line ends; joined by &"},
    Option{.name = "data-raw",
           .value = "DATA",
           .repeatable = true,
           .secret = Secret::all,
           .at = kGet | kBench,
           .same_run = true,
           .help = "as -d, but @ means nothing"},
    Option{.name = "data-binary",
           .value = "DATA",
           .repeatable = true,
           .secret = Secret::all,
           .at = kGet | kBench,
           .same_run = true,
           .help = "as -d, but @FILE is sent as it is"},
    Option{.name = "json",
           .value = "DATA",
           .repeatable = true,
           .secret = Secret::all,
           .at = kGet | kBench,
           .same_run = true,
           .help = "as --data-binary, and say application/json"},
    Option{.name = "form",
           .letter = "F",
           .value = "NAME=DATA",
           .repeatable = true,
           .secret = Secret::all,
           .at = kGet,
           .same_run = true,
           .help = "send a form's field; @FILE a file, <FILE its text"},
    Option{.name = "form-string",
           .value = "NAME=DATA",
           .repeatable = true,
           .secret = Secret::all,
           .at = kGet,
           .same_run = true,
           .help = "as -F, but @ and < mean nothing"},
    Option{.name = "data-urlencode",
           .value = "DATA",
           .repeatable = true,
           .secret = Secret::all,
           .at = kGet,
           .same_run = true,
           .help = "as -d, encoded for a URL: TEXT, NAME=TEXT, NAME@FILE"},
    Option{.name = "get",
           .letter = "G",
           .type = ArgType::flag,
           .at = kGet,
           .same_run = true,
           .help = "send the data of -d in the URL's query, by GET"},
    Option{.name = "url-query",
           .value = "DATA",
           .repeatable = true,
           .secret = Secret::all,
           .at = kGet,
           .same_run = true,
           .help = "add DATA to the URL's query; +DATA as it is"},
    Option{.value = "TEXT",
           .secret = Secret::all,
           .at = kFetch,
           .argument = "query",
           .help = "add this to the query of every URL, as get's --url-query"},
    Option{.value = "TEXT",
           .secret = Secret::all,
           .at = kFetch,
           .argument = "default-body",
           .help = "the body of records that have none, as get's -d"},
    Option{.value = "(JQ)",
           .type = ArgType::expr,
           .check = check_text,
           .program_check = check_program,
           .at = kFetch,
           .argument = "body",
           .help = "the body: a program's output or a text with fields (default the record's own)"},
    Option{.value = "(JQ)",
           .type = ArgType::jq,
           .check = check_program,
           .at = kFetch,
           .argument = "json",
           .help = "the body: a program's first output as JSON, as application/json"},
    Option{.value = "NAME=VALUE",
           .type = ArgType::temp,
           .check = check_form,
           .repeatable = true,
           .secret = Secret::all,
           .at = kFetch,
           .argument = "form",
           .help = "the body: this pair of a form, percent-encoded; VALUE may have fields"},
    Option{.value = "NAME=VALUE",
           .type = ArgType::temp,
           .check = check_form,
           .repeatable = true,
           .secret = Secret::all,
           .at = kFetch,
           .argument = "part",
           .help = "the body: this part of multipart/form-data; @FILE[;type=TYPE] sends a file"},
    Option{.name = "upload-file",
           .letter = "T",
           .value = "FILE",
           .at = kGet,
           .same_run = true,
           .help = "send FILE as the body, by PUT; a URL that ends in / gets its name"},
    Option{.value = "TEMPLATE",
           .type = ArgType::temp,
           .check = check_text,
           .at = kFetch,
           .argument = "upload",
           .help = "a file to send as the body, by PUT"},
    Option{.name = "head",
           .letter = "I",
           .type = ArgType::flag,
           .at = kGet,
           .same_run = true,
           .help = "ask for the headers alone, by HEAD"},
    Option{.name = "range",
           .letter = "r",
           .value = "RANGE",
           .check = check_range,
           .at = kGet,
           .same_run = true,
           .help = "ask for a part of the body only: 0-99, 100-, -500"},
    Option{.name = "time-cond",
           .letter = "z",
           .value = "TIME",
           .at = kGet,
           .same_run = true,
           .help = "only if changed since TIME or a file's; -TIME: if not since"},
    Option{.name = "request-target",
           .value = "PATH",
           .check = check_agent,
           .at = kGet | kFetch,
           .to_libcurl = true,
           .help = "ask for PATH in place of what the URL says, as in OPTIONS *"},
    Option{.name = "path-as-is",
           .type = ArgType::flag,
           .at = kGet | kBench | kFetch,
           .help = "leave /../ and /./ in the path of a URL as they are"},
    Option{.name = "user-agent",
           .letter = "A",
           .value = "NAME",
           .check = check_agent,
           .standard = "leat/VERSION",
           .at = kGet | kBench | kFetch,
           .help = "say who asks"},
    Option{.name = "referer",
           .letter = "e",
           .value = "URL",
           .check = check_referer,
           .at = kGet | kFetch,
           .help = "say where the request comes from"},
    Option{.name = "compressed",
           .type = ArgType::flag,
           .at = kGet | kFetch,
           .help = "ask for gzip, deflate, br or zstd, and decode it"},
    Option{.name = "max-redirects",
           .value = "N",
           .type = ArgType::count,
           .most = 1000,
           .standard = "10",
           .at = kGet | kFetch,
           .help = "follow at most N redirects"},
    Option{.value = "STATUSES",
           .type = ArgType::statuses,
           .at = kFetch,
           .argument = "fail",
           .help = "these statuses are failures, as 4xx,5xx (default none)"},
};

}  // namespace

std::span<const Option> request_options() noexcept { return kRows; }

}  // namespace leat::pipelines
