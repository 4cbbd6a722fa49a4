#include "cli/get/get_spec.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <utility>

#include "cli/get/get_input.hpp"
#include "cli/options/option_value.hpp"
#include "cli/options/own_files.hpp"
#include "cli/options/request_options.hpp"
#include "cli/options/words.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/plan/bind_plan.hpp"
#include "pipelines/result/file_name.hpp"
#include "pipelines/result/outside.hpp"
#include "pipelines/result/stream_target.hpp"
#include "pipelines/spec/load.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::cli {

namespace {

namespace ast = pipelines::ast;
using pipelines::ArgRow;
using pipelines::ArgType;
using pipelines::Secret;
using pipelines::StreamTarget;

const pipelines::Signature& signature_of(std::string_view stage) {
  const auto all = pipelines::stage_signatures();
  return *std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == stage; });
}

Error bad(std::string message) { return Error(Errc::bad_input, std::move(message)); }

std::string directory(const std::string& value) {
  std::string text = pipelines::literal_template(value);
  if (text.back() != '/') text += '/';
  return text;
}

/// Writes the stages one after the other; the first Error ends it.
class Writer {
 public:
  Writer(const Given& given, System& system) : given_(given), system_(system) {}

  Result<GetSpec> run() {
    if (auto error = read_files()) return std::move(*error);
    const auto work = given_.has("verify") ? &Writer::verify : &Writer::fetch;
    for (const auto step : {&Writer::source, work, &Writer::save, &Writer::exec, &Writer::write}) {
      if (auto error = (this->*step)()) return std::move(*error);
    }
    return std::move(made_);
  }

 private:
  Status source() {
    auto input = read_input(given_, system_);
    if (!input) return std::move(input.error());
    add_stage(input->stage);
    for (const auto& url : input->urls)
      put("", secret_or_text(Secret::url, "URL", "a URL with a password", url));
    if (input->stage == "expand" && names_choices_) put("choices", word("true"));
    if (!input->path.empty() && input->path != "-")
      put("", text("FILE", "the name of the list", input->path));
    if (input->stage == "json") put("request", word("true"));  // as the lines of a list
    if (!input->delimiter.empty()) put("delimiter", word(input->delimiter));
    if (!input->columns.empty()) put("columns", text("COLUMNS", "the columns", input->columns));
    is_list_ = input->urls.empty();
    if (!given_.has("dedupe")) return std::nullopt;
    add_stage("dedupe");
    put("show", word("true"));
    return std::nullopt;
  }

  Status fetch() {
    auto request = read_request_options(given_, system_);
    if (!request) return std::move(request.error());
    int segments = 1;
    int race = 1;
    given_.read("segments", segments);
    given_.read("race", race);
    if (segments > 1 && race > 1) {
      return bad("--segments: asks all mirrors for a part each, --race for the same; leave one of them out");
    }
    add_stage("fetch");
    put_given({"request", "user", "proxy-user", "oauth2-bearer", "referer"});
    if (!request->method.empty()) put("default-method", quoted_text(request->method));
    for (const auto& header : request->headers) {
      const auto what = fmt::format("the header {}, with its name",
                                    text::printable(header.substr(0, header.find_first_of(":;")), 60));
      put("default-header", secret_or_text(Secret::header, "HEADER", what, header));
    }
    if (request->body) put_body(*request->body);
    if (!request->query.empty()) put("query", text("QUERY", "what is added to the URLs", request->query));
    if (request->upload) put("upload", text("UPLOAD", "the name of the file to send", *request->upload));
    if (given_.has("user")) put("user", hidden("USER", "the user and the password", request->userpwd));
    if (given_.has("proxy-user") && !request->proxy_user.empty()) {
      put("proxy-user", hidden("PROXY_USER", "the proxy's user and password", request->proxy_user));
    }
    put("fail", word("400-999"));
    if (holds_bodies()) put("body-limit", word("1GiB"));
    return std::nullopt;
  }

  // Compares what a run with the same options has saved.
  Status verify() {
    if (files_.empty() || target_.kind != StreamTarget::Kind::none)
      return bad("--verify: needs -o or -O, which say where the files are");
    if (given_.has("state")) return bad("--verify: fetches nothing, so there is nothing for --state to keep");
    add_stage("verify");
    put("", text("FILES", "the files' name", files_));
    put_given({});
    return std::nullopt;
  }

  void put_body(const std::string& body) {
    constexpr std::size_t kMostShown = std::size_t{64} << 10;
    const auto what = fmt::format("the body, {} bytes", body.size());
    put("default-body", body.size() > kMostShown ? hidden("BODY", what, body) : text("BODY", what, body));
  }

  Status save() {
    if (given_.has("verify")) return std::nullopt;
    if (given_.has("if-changed")) {
      const std::string how = given_.text("on-exist");
      if (!how.empty() && how != "resume" && how != "overwrite")
        return bad("--if-changed: replaces a file that has changed; takes --on-exist resume or overwrite");
    }
    if (files_.empty() && !is_list_) return std::nullopt;  // no record names a file
    if (prints_bodies()) add_order();
    add_stage("save");
    if (!files_.empty()) put("", text("FILES", "the files' name", files_));
    put_given({});
    // Without a template it is what fetch does anyway for a line that names a file of its own.
    if (stage_->args.empty()) made_.tree.stages.pop_back();
    return std::nullopt;
  }

  // Where the files go is asked more than once.
  Status read_files() {
    auto files = file_template();
    if (!files) return std::move(files.error());
    files_ = with_choices(*files);
    target_ = pipelines::stream_target_of(files_);
    return target_.kind == StreamTarget::Kind::none ? refuse_own_files() : std::nullopt;
  }

  // curl's #1 is what the first set or range of a URL's pattern stands for.
  std::string with_choices(std::string_view files) {
    const bool may_be_patterns = !given_.has("globoff") && has_patterns();
    std::string out;
    for (std::size_t at = 0; at < files.size(); ++at) {
      const bool is_choice = may_be_patterns && files[at] == '#' && at + 1 < files.size() &&
                             files[at + 1] >= '1' && files[at + 1] <= '9';
      if (!is_choice) {
        out += files[at];
        continue;
      }
      out += fmt::format("{{meta[{}]}}", files[++at] - '1');
      names_choices_ = true;
    }
    return out;
  }
  [[nodiscard]] bool has_patterns() const {
    const auto is_pattern = [](const std::string& url) {
      return url.find_first_of("{[") != std::string::npos;
    };
    const auto urls = given_.texts("url");
    return std::any_of(given_.operands.begin(), given_.operands.end(), is_pattern) ||
           std::any_of(urls.begin(), urls.end(), is_pattern);
  }

  [[nodiscard]] bool prints_bodies() const { return target_.kind == StreamTarget::Kind::standard_output; }
  [[nodiscard]] bool holds_bodies() const {
    return prints_bodies() || target_.kind == StreamTarget::Kind::node;
  }

  // A body must not take the place of a file that the run itself reads or writes. Of names that are made of
  // URLs the run finds out by itself.
  Status refuse_own_files() {
    if (files_.find('{') != std::string::npos) return std::nullopt;
    const auto owner = owner_of(given_, system_, files_, "output");
    if (owner.empty()) return std::nullopt;
    return bad(fmt::format("--output: {}: it is the file of --{}; take another name",
                           text::in_quotes(files_, 400), owner));
  }

  // A directory that stands there is meant as it is written; `out/{host}/` is a template.
  Result<std::string> file_template() {
    for (const std::string_view name : {"output-dir", "output"}) {
      const auto* one = given_.find(name);
      if (one == nullptr || (!one->text.empty() && (one->text != "-" || is_alone(name)))) continue;
      return not_taken(fmt::format("--{}", name), one->text,
                       "a file name template or a directory, or - alone for standard output");
    }
    const std::string output = given_.text("output");
    const std::string below = given_.has("output-dir") ? directory(given_.text("output-dir")) : "";
    if (output.empty()) return below.empty() ? std::string() : below + "{name}";
    if (!below.empty() && output.starts_with('/')) {
      return not_taken("--output", output, "a name below that of --output-dir, so one without a / in front");
    }
    const bool is_directory = below.empty() && system_.is_directory(output);
    const std::string files =
        is_directory ? directory(output) + "{name}" : below + output + (output.back() == '/' ? "{name}" : "");
    if (const auto checked = pipelines::NameTemplate::compile(files); !checked) {
      return bad(fmt::format("--output: {}: {}", text::in_quotes(files, 400),
                             text::escaped(checked.error().message)));
    }
    return files;
  }

  // "-" is standard output if it is the whole of -o.
  [[nodiscard]] bool is_alone(std::string_view name) const {
    return name == "output" && !given_.has("output-dir");
  }

  Status exec() {
    if (!given_.has("exec")) return std::nullopt;
    const std::string command = given_.text("exec");
    auto words = split_words(command);
    if (!words) {
      return bad(fmt::format("--exec: {}: {}; takes a command, its words quoted as in a shell",
                             text::in_quotes(command, 400), words.error().message));
    }
    add_stage("exec");
    for (const auto& one : *words) {
      if (const auto fault = pipelines::check_text(one)) {
        return bad(fmt::format("--exec: {}: at character {}: {}", text::in_quotes(one, 400),
                               fault->offset + 1, text::escaped(fault->message)));
      }
      put("", text("WORD", "a word of the command", one));
    }
    return std::nullopt;
  }

  Status write() {
    const auto* format = given_.find("format");
    if (prints_bodies() && format == nullptr) {
      for (const std::string_view name : {"fields", "include"}) {
        if (given_.has(name))
          return bad(fmt::format("--{}: -o - prints bodies, and results only with --format", name));
      }
      add_stage("null");
      return std::nullopt;
    }
    if (given_.text("order") == "input" && !prints_bodies()) add_order();
    add_stage("write");
    const bool is_template = format != nullptr && !format->value.choice;
    for (const std::string_view name : {"fields", "include"}) {
      if (!is_template || !given_.has(name)) continue;
      return bad(fmt::format("--{}: --format is a template, which names its fields itself", name));
    }
    std::string chosen = format == nullptr ? "auto" : format->text;
    if (chosen == "auto") chosen = prints_text() ? "text" : "json";
    put("", is_template ? quoted_text(chosen) : word(chosen));
    put_given({});
    return std::nullopt;
  }

  // A person reads a terminal; fields that are asked for are for a program.
  [[nodiscard]] bool prints_text() const {
    return system_.is_terminal(STDOUT_FILENO) && !given_.has("fields") && !given_.has("include");
  }

  // Every option given that is an argument of the stage, by the stage's own rows.
  void put_given(const std::vector<std::string_view>& but) {
    for (const ArgRow& row : signature_of(stage_->name).args) {
      if (row.key.empty()) continue;
      const GivenOption* last = nullptr;
      for (const auto& one : given_.options) {
        const bool is_left_out = std::find(but.begin(), but.end(), one.option->name) != but.end();
        if (one.option->key() != row.key || is_left_out || is_written_apart(*one.option)) continue;
        if (row.repeatable) put(std::string(row.key), value_for(row, one));
        last = &one;
      }
      if (last != nullptr && !row.repeatable) put(std::string(row.key), value_for(row, *last));
    }
  }

  // What makes several arguments, or one that is no option's own.
  static bool is_written_apart(const pipelines::Option& option) {
    constexpr std::array<std::string_view, 4> kApart{"header", "columns", "json", "form"};
    return std::find(kApart.begin(), kApart.end(), option.name) != kApart.end();
  }

  // What its option has checked is not checked again: a file of checksums would be read once more.
  ast::Value value_for(const ArgRow& row, const GivenOption& one) {
    ast::Value value = value_of(one);
    value.checked = row.check == one.option->check;
    return value;
  }

  ast::Value value_of(const GivenOption& one) {
    const auto& option = *one.option;
    if (option.is_switch()) return word(std::string(option.stands_for.empty() ? "true" : option.stands_for));
    std::string name;
    for (const char c : option.key()) {
      name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    const auto what = fmt::format("what --{} was", option.name);
    switch (option.type) {
      case ArgType::text:
      case ArgType::path:
      case ArgType::temp:
      case ArgType::header:
        return secret_or_text(option.secret, name, what, one.text);
      default:  // "meta["a,b"]" is no word of the language
        return one.text.find_first_of("\"(){} ") == one.text.npos ? word(one.text) : quoted_text(one.text);
    }
  }

  void add_order() {
    // Well above the cap, so that a slow record does not idle the slots of those behind it.
    std::size_t jobs = 32;
    given_.read("jobs", jobs);
    add_stage("ordered");
    if (4 * jobs > 1000) put("window", word(std::to_string(4 * jobs)));
  }

  void add_stage(std::string_view name) {
    stage_ = &made_.tree.stages.emplace_back();
    stage_->name = name;
  }
  void put(std::string key, ast::Value value) {
    ast::Arg& arg = stage_->args.emplace_back();
    arg.key = std::move(key);
    arg.value = std::move(value);
  }

  static ast::Value word(std::string text) {
    ast::Value value;
    value.text = std::move(text);
    return value;
  }
  static ast::Value quoted_text(std::string text) {
    ast::Value value = word(std::move(text));
    value.kind = ast::ValueKind::quoted;
    return value;
  }
  // A variable of the environment can hold what a quoted text can't: bytes that are no UTF-8.
  ast::Value text(const std::string& name, const std::string& what, const std::string& value) {
    const bool is_text = text::is_utf8(value) && value.find('\0') == std::string::npos;
    return is_text ? quoted_text(value) : hidden(name, what, value);
  }
  ast::Value secret_or_text(Secret kind, const std::string& name, const std::string& what,
                            const std::string& value) {
    return is_secret(kind, value) ? hidden(name, what, value) : text(name, what, value);
  }
  ast::Value hidden(const std::string& name, const std::string& what, const std::string& value) {
    const int number = ++numbers_[name];
    std::string variable = "LEAT_PLAN_" + name + (number > 1 ? "_" + std::to_string(number) : "");
    made_.hidden.push_back({variable, what, value});
    return word("secret:" + variable);
  }

  const Given& given_;
  System& system_;
  GetSpec made_;
  std::string files_;  // the template of -o and -O; empty: none
  pipelines::StreamTarget target_;
  bool names_choices_ = false;  // of the URLs' patterns
  ast::Stage* stage_ = nullptr;
  bool is_list_ = true;
  std::map<std::string, int> numbers_;  // of hidden values, by name
};

}  // namespace

Result<GetSpec> get_spec(const Given& given, System& system) { return Writer(given, system).run(); }

Result<pipelines::Plan> plan_of(const GetSpec& spec) {
  const auto getenv = [&spec](const std::string& name) -> std::optional<std::string> {
    const auto found = std::find_if(spec.hidden.begin(), spec.hidden.end(),
                                    [&](const HiddenValue& one) { return one.variable == name; });
    return found == spec.hidden.end() ? std::nullopt : std::optional(found->value);
  };
  const auto loaded = pipelines::load_tree(spec.tree, pipelines::stage_signatures(), getenv);
  if (!loaded.ok()) return bad(text::escaped(loaded.faults.shown.front().message));
  return pipelines::bind_plan(*loaded.pipeline);
}

}  // namespace leat::cli
