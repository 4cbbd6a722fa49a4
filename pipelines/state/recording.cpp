#include "pipelines/state/recording.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "pipelines/plan.hpp"
#include "pipelines/text/json_writer.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kTellsNothing = 4;  // a word that is shorter stands anywhere

std::string base64(const std::string& text) {
  std::string encoded(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size =
      ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return encoded;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          kPlain.find(c) != std::string_view::npos;
    is_plain ? encoded.append(1, c)
             : encoded.append(1, '%').append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
  }
  return encoded;
}

std::string as_json(const std::string& text) {
  JsonWriter json;
  json.string(text);
  return std::string(json.text().substr(1, json.text().size() - 2));
}

/// Gathers what a plan wants hidden.
class Gathered {
 public:
  void secret(const std::string& value) {
    for (const auto& form : {value, as_json(value), percent_encoded(value)}) {
      if (!form.empty() && std::find(values.begin(), values.end(), form) == values.end())
        values.push_back(form);
    }
  }
  void plan(const Plan& plan) {
    for (const auto& value : plan.secrets) secret(value);
    for (const auto& stage : plan.stages) {
      std::visit([this](const auto& args) { look_at(args); }, stage.args);
      if (stage.on_error) this->plan(*stage.on_error);
    }
  }

  std::vector<std::string> names;  // of headers
  std::vector<std::string> values;

 private:
  template <class Args>
  void look_at(const Args& args) {
    if constexpr (std::is_same_v<Args, FetchArgs>) fetch(args);
    if constexpr (std::is_same_v<Args, PaginateArgs>) fetch(args.fetch);
    if constexpr (std::is_same_v<Args, CrawlArgs>) {
      fetch(args.fetch);
      if (args.next) plan(*args.next);
    }
    if constexpr (std::is_same_v<Args, TeeArgs>) {
      if (args.block) plan(*args.block);
    }
  }

  void fetch(const FetchArgs& args) {
    const std::string& user = args.client.userpwd;
    const std::string password = user.substr(std::min(user.find(':') + 1, user.size()));
    if (!user.empty()) secret(base64(user));
    if (password.size() >= kTellsNothing) secret(password);
    for (const auto& field : args.client.headers) header(field);
    for (const auto& [place, value] : args.shape.changes) {
      constexpr std::string_view kHeader = "header.";
      const auto* made = std::get_if<TemplateText>(&value);
      if (made == nullptr || !place.starts_with(kHeader)) continue;
      if (made->text.find("{secret:") != std::string::npos) names.push_back(place.substr(kHeader.size()));
    }
  }

  // The credentials of a -H: "Authorization: Bearer WORD" hides WORD.
  void header(std::string_view field) {
    const auto colon = std::min(field.find(':'), field.size());
    if (!Redactor::holds_credentials(field.substr(0, colon))) return;
    const std::string_view value = field.substr(std::min(colon + 1, field.size()));
    const std::string_view word = value.substr(value.rfind(' ') + 1);
    if (word.size() >= kTellsNothing) secret(std::string(word));
  }
};

}  // namespace

Redactor redactor_of(const Plan& plan) {
  Gathered gathered;
  gathered.plan(plan);
  return Redactor(std::move(gathered.names), std::move(gathered.values));
}

}  // namespace leat::pipelines
