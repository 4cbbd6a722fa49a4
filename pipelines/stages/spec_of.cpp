#include "pipelines/stages/spec_of.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "engine/http/message/url.hpp"
#include "engine/http/message/wire_options.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/options/arg_text.hpp"
#include "pipelines/options/checksum_file.hpp"
#include "pipelines/options/fetch_args.hpp"
#include "pipelines/stages/stage_args.hpp"
#include "pipelines/stages/stage_table.hpp"
#include "pipelines/state/redactor.hpp"

namespace leat::pipelines {

namespace {

bool is_any(const std::string&) { return true; }
bool has_userinfo(const std::string& proxy) { return proxy.find('@') != std::string::npos; }
bool has_password(const std::string& cert) { return cert.find(':') != std::string::npos; }

// Arguments of fetch whose values are secret, or may be.
struct SecretArg {
  std::string_view key;
  bool (*is_secret)(const std::string& value);
  const char* variable;
  const char* what;
};
constexpr std::array kSecretArgs{
    SecretArg{"cookie", http::is_cookie_data, "COOKIE", "the cookies"},
    SecretArg{"proxy", has_userinfo, "PROXY", "the proxy, with user and password"},
    SecretArg{"proxy-user", is_any, "PROXY_USER", "the proxy's user and password"},
    SecretArg{"cert", has_password, "CERT", "the certificate's file, a colon and its pass phrase"},
    SecretArg{"pass", is_any, "PASS", "the key's pass phrase"},
};

bool names_a_credential(std::string_view header) {
  const std::string name = text::to_lower(header.substr(0, header.find_first_of(":;")));
  if (Redactor::holds_credentials(name)) return true;
  constexpr std::array<std::string_view, 7> kWords{"auth",   "token", "secret", "key",
                                                   "cookie", "passw", "session"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

// What a quoted text of a spec can't hold; a variable of the environment can hold all of it but NUL.
bool is_text(const std::string& value) {
  return text::is_utf8(value) && value.find('\0') == std::string::npos;
}

/// Writes the stages of one plan.
class Writer {
 public:
  explicit Writer(Hide hide) : hide_(hide) {}

  Status add(const PlannedStage& planned) {
    ast::Stage& stage = made_.tree.stages.emplace_back();
    stage.name = stage_row(planned.args).signature.name;
    stage_ = &stage;
    return std::visit(*this, planned.args);
  }

  PlanSpec take() { return std::move(made_); }

  Status operator()(const LinesArgs& args) { return put_input(args.path, "the file of URLs"); }
  Status operator()(const JsonArgs& args) { return put_input(args.path, "the file of JSON"); }
  Status operator()(const Aria2Args& args) { return put_input(args.path, "the file of downloads"); }
  Status operator()(const CsvArgs& args) {
    if (auto error = put_input(args.path, "the table")) return error;
    if (args.delimiter == ';') put("delimiter", word_value("semicolon"));
    if (args.delimiter == '\t') put("delimiter", word_value("tab"));
    if (!args.columns.empty()) put("columns", text("COLUMNS", "the columns", args.columns));
    return std::nullopt;
  }
  Status operator()(const DedupeArgs& args) {
    if (args.by != DedupeArgs().by || args.memory != DedupeArgs().memory) return unwritten();
    if (args.show) put("show", word_value("true"));
    return std::nullopt;
  }
  Status operator()(const UrlsArgs& args) {
    for (const auto& url : args.urls) {
      const bool has_userinfo = http::without_userinfo(url) != url;
      put("", has_userinfo ? hidden("URL", "a URL with a password", url) : quoted_value(url));
    }
    return std::nullopt;
  }
  Status operator()(const FetchArgs& args) {
    if (!args.shape.changes.empty()) return unwritten();
    const auto defaults = write_members(default_fetch());
    const auto members = write_members(args);
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (same(members[i].values, defaults[i].values)) continue;
      for (const auto& value : members[i].values) put(members[i].key, shown(members[i].key, value));
    }
    std::vector<std::string> digests;
    for (const auto kind : args.hash) digests.emplace_back(to_string(kind));
    put_list("hash", digests);
    if (args.checksums) put("checksums", text("CHECKSUMS", "the file of checksums", args.checksums->path()));
    return std::nullopt;
  }
  Status operator()(const SaveArgs& args) {
    if (!args.file_template.empty()) put("", text("FILES", "the files' name", args.file_template));
    if (args.on_exist != SaveArgs().on_exist)
      put("on-exist", word_value(std::string(to_word(args.on_exist))));
    const SaveArgs usual;
    const auto put_switch = [this](const char* key, bool value, bool as_usual) {
      if (value != as_usual) put(key, word_value(value ? "true" : "false"));
    };
    put_switch("remote-name", args.remote_name, usual.remote_name);
    put_switch("remote-time", args.remote_time, usual.remote_time);
    put_switch("durable", args.durable, usual.durable);
    put_switch("if-changed", args.if_changed, usual.if_changed);
    return std::nullopt;
  }
  Status operator()(const ExecArgs& args) {
    if (args.input || args.as_records || args.n != 0 || args.timeout.count() != 0) return unwritten();
    for (const auto& word : args.argv) put("", text("WORD", "a word of the command", word));
    return std::nullopt;
  }
  Status operator()(const OrderedArgs& args) {
    if (args.window != OrderedArgs().window) put("window", word_value(std::to_string(args.window)));
    return std::nullopt;
  }
  Status operator()(const WriteArgs& args) {
    using Format = WriteArgs::Format;
    put("", args.format == Format::text  ? quoted_value(args.text)
            : args.format == Format::csv ? word_value("csv")
            : args.format == Format::tsv ? word_value("tsv")
                                         : word_value("json"));
    put_list("fields", args.fields);
    put_list("include", args.include);
    if (args.to != WriteArgs().to) {
      for (const auto& path : args.to) put("to", quoted_value(path));
    }
    return std::nullopt;
  }
  template <class Args>
  Status operator()(const Args& /*args*/) {
    return unwritten();
  }

 private:
  Status unwritten() const {
    return Error(Errc::internal, "the stage \"" + stage_->name + "\" can't be printed as a spec");
  }

  static bool same(const ArgValues& a, const ArgValues& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ast::Value& x, const ast::Value& y) {
      return x.kind == y.kind && x.text == y.text;
    });
  }

  void put(std::string key, ast::Value value) {
    ast::Arg& arg = stage_->args.emplace_back();
    arg.key = std::move(key);
    arg.value = std::move(value);
  }
  Status put_input(const std::string& path, const char* what) {
    if (path != "-") put("", text("FILE", what, path));
    return std::nullopt;
  }
  void put_list(const char* key, const std::vector<std::string>& list) {
    if (!list.empty()) put(key, word_value(fmt::format("{}", fmt::join(list, ","))));
  }

  // Of an argument of fetch.
  ast::Value shown(const std::string& key, ast::Value value) {
    if (key == "user") return hidden("USER", "the user and the password", value.text);
    if (key == "proxy-user") return hidden("PROXY_USER", "the proxy's user and password", value.text);
    if (key == "pass") return hidden("PASS", "the key's pass phrase", value.text);
    if (key == "proxy" && http::without_userinfo(value.text) != value.text) {
      return hidden("PROXY", "the proxy, with its password", value.text);
    }
    if (key == "cert" && value.text.find(':') != std::string::npos) {
      return hidden("CERT", "the certificate, with its pass phrase", value.text);
    }
    if (key == "cookie" && http::is_cookie_data(value.text)) {
      return hidden("COOKIE", "cookies", value.text);
    }
    for (const auto& row : kSecretArgs) {
      if (key == row.key && row.is_secret(value.text)) return hidden(row.variable, row.what, value.text);
    }
    if (key == "default-header" && (hide_ == Hide::values || names_a_credential(value.text))) {
      const auto name = value.text.substr(0, value.text.find_first_of(":;"));
      return hidden("HEADER", "the header " + text::printable(name, 60) + ", with its name", value.text);
    }
    if (key == "default-body" && (hide_ == Hide::values || !is_text(value.text))) {
      return hidden("BODY", fmt::format("the body, {} bytes", value.text.size()), value.text);
    }
    return value;
  }

  ast::Value text(const std::string& name, std::string what, const std::string& value) {
    return is_text(value) ? quoted_value(value) : hidden(name, std::move(what), value);
  }

  ast::Value hidden(const std::string& name, std::string what, const std::string& value) {
    const auto same_name = [&](const HiddenValue& other) {
      return other.variable.starts_with("LEAT_PLAN_" + name);
    };
    const auto count = std::count_if(made_.hidden.begin(), made_.hidden.end(), same_name);
    std::string variable = "LEAT_PLAN_" + name + (count > 0 ? "_" + std::to_string(count + 1) : "");
    made_.hidden.push_back({variable, std::move(what), value});
    return word_value("secret:" + variable);
  }

  Hide hide_;
  PlanSpec made_;
  ast::Stage* stage_ = nullptr;
};

}  // namespace

Result<PlanSpec> spec_of(const Plan& plan, Hide hide) {
  Writer writer(hide);
  for (const auto& stage : plan.stages) {
    if (auto error = writer.add(stage)) return std::move(*error);
  }
  return writer.take();
}

}  // namespace leat::pipelines
