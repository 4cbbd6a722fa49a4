#include "pipelines/run/redactor_of.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/http/connect/proxies.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/base64.hpp"
#include "engine/text/json_writer.hpp"
#include "engine/text/percent.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/plan/for_each_fetch.hpp"
#include "pipelines/state/secrets.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kTellsNothing = 4;  // a word that is shorter stands anywhere

std::string as_json(const std::string& text) {
  text::JsonWriter json;
  json.string(text);
  return std::string(json.text().substr(1, json.text().size() - 2));
}

/// Gathers what a plan wants hidden.
class Gathered {
 public:
  void secret(const std::string& value) {
    for (const auto& form : {value, as_json(value), text::percent_encoded(value)}) {
      if (!form.empty() && std::find(values.begin(), values.end(), form) == values.end())
        values.push_back(form);
    }
  }
  void plan(const Plan& plan) {
    for_each_part(plan, [this](const Plan& part) {
      for (const auto& value : part.secrets) secret(value);
    });
    for_each_fetch(plan, [this](const FetchArgs& args) { fetch(args); });
  }

  std::vector<std::string> names;  // of headers
  std::vector<std::string> values;

 private:
  void fetch(const FetchArgs& args) {
    credentials(args.client.userpwd);
    wire(args.client.wire);
    for (const auto& field : args.client.headers) header(field);
    for (const auto& [place, value] : args.shape) {
      constexpr std::string_view kHeader = "header.";
      const auto* made = std::get_if<TemplateText>(&value);
      if (made == nullptr || !place.starts_with(kHeader)) continue;
      if (made->text.find("{secret:") != std::string::npos) names.push_back(place.substr(kHeader.size()));
    }
  }

  void wire(const http::WireOptions& options) {
    credentials(options.proxy_user);
    if (const auto proxy = http::parse_proxy(options.proxy.value_or("")); proxy) {
      credentials(proxy.value().userpwd);
    }
    word(options.key_password);
    for (const auto& item : options.cookies) {
      if (http::is_cookie_data(item)) cookies(item);
    }
  }

  void credentials(const std::string& user) {
    if (!user.empty()) secret(text::encode_base64(user));
    word(user.substr(std::min(user.find(':') + 1, user.size())));
  }

  // "a=1; b=2"
  void cookies(std::string_view data) {
    for (const auto pair : text::split(data, ';')) {
      const auto equals = pair.find('=');
      if (equals != std::string_view::npos) word(std::string(pair.substr(equals + 1)));
    }
  }

  void word(const std::string& text) {
    if (text.size() >= kTellsNothing) secret(text);
  }

  // The credentials of a -H: "Authorization: Bearer WORD" hides WORD.
  void header(std::string_view field) {
    const auto colon = std::min(field.find(':'), field.size());
    if (!names_a_credential(field.substr(0, colon))) return;
    const std::string_view value = field.substr(std::min(colon + 1, field.size()));
    const std::string_view word = value.substr(value.rfind(' ') + 1);
    this->word(std::string(word));
  }
};

}  // namespace

Redactor redactor_of(const Plan& plan) {
  Gathered gathered;
  gathered.plan(plan);
  return Redactor(std::move(gathered.names), std::move(gathered.values));
}

}  // namespace leat::pipelines
