#include "pipelines/state/redactor.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/http/connect/proxies.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/json_writer.hpp"
#include "engine/text/percent.hpp"
#include "pipelines/options/secrets.hpp"
#include "pipelines/plan/for_each_fetch.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/state/recording.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kRemoved = "(removed)";

// "name=value; Path=/" → "name=(removed); Path=/".
std::string without_cookie_value(std::string_view value) {
  const auto end = std::min(value.find(';'), value.size());
  const auto equals = value.substr(0, end).find('=');
  const std::size_t begin = equals == std::string_view::npos ? 0 : equals + 1;
  return std::string(value.substr(0, begin)).append(kRemoved).append(value.substr(end));
}

}  // namespace

Redactor::Redactor(std::vector<std::string> headers, std::vector<std::string> values)
    : headers_(std::move(headers)) {
  std::vector<std::pair<std::string, std::string>> hidden;
  std::vector<std::pair<std::string, std::string>> restored;
  for (auto& value : values) {
    std::string mark = fmt::format("(secret {})", hidden.size() + 1);
    restored.emplace_back(mark, value);
    hidden.emplace_back(std::move(value), std::move(mark));
  }
  hide_ = text::Replacer(std::move(hidden));
  restore_ = text::Replacer(std::move(restored));
}

std::string Redactor::url(std::string_view url) const { return text(http::without_userinfo(url)); }

bool Redactor::is_secret(std::string_view name) const {
  return names_a_credential(name) ||
         std::any_of(headers_.begin(), headers_.end(),
                     [name](const std::string& other) { return text::equal_ignoring_case(name, other); });
}

std::string Redactor::field(std::string_view name, std::string_view value) const {
  std::string clean = text::equal_ignoring_case(name, "set-cookie") ? text(without_cookie_value(value))
                      : is_secret(name)                             ? std::string(kRemoved)
                                                                    : text(value);
  return std::string(name).append(": ").append(clean);
}

std::vector<std::string> Redactor::fields(const std::vector<std::string>& fields) const {
  std::vector<std::string> clean;
  for (const std::string_view line : fields) {
    const auto colon = std::min(line.find(':'), line.size());
    clean.push_back(
        field(text::trimmed(line.substr(0, colon), text::kBlanksAndLineEnds),
              text::trimmed(line.substr(std::min(colon + 1, line.size())), text::kBlanksAndLineEnds)));
  }
  return clean;
}

http::ResponseHead Redactor::head(const http::ResponseHead& head) const {
  http::ResponseHead clean;
  clean.status = head.status;
  clean.content_length = head.content_length;
  head.headers.for_each([&](std::string_view name, std::string_view value) {
    clean.headers.append(field(name, value) + "\r\n");
  });
  return clean;
}

http::ResponseHead Redactor::restored(const http::ResponseHead& head) const {
  if (restore_.empty()) return head;
  http::ResponseHead whole;
  whole.status = head.status;
  whole.content_length = head.content_length;
  head.headers.for_each([&](std::string_view name, std::string_view value) {
    whole.headers.append(std::string(name).append(": ").append(restored(value)).append("\r\n"));
  });
  return whole;
}

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
    for (const auto& [place, value] : args.shape.changes) {
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
    if (!user.empty()) secret(base64(user));
    word(user.substr(std::min(user.find(':') + 1, user.size())));
  }

  // "a=1; b=2"
  void cookies(std::string_view text) {
    while (!text.empty()) {
      const auto end = std::min(text.find(';'), text.size());
      const auto pair = text.substr(0, end);
      const auto equals = pair.find('=');
      if (equals != std::string_view::npos) word(std::string(pair.substr(equals + 1)));
      text.remove_prefix(std::min(end + 1, text.size()));
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
