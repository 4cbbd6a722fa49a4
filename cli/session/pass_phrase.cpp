#include "cli/session/pass_phrase.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/http/tls/client_certificate.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/plan/for_each_fetch.hpp"

namespace leat::cli {

namespace {

using pipelines::FetchArgs;
using pipelines::Plan;

bool has_locked_key(const Plan& plan) {
  bool found = false;
  pipelines::for_each_fetch(plan, [&found](const FetchArgs& args) {
    found = found || !http::locked_key(args.client.wire).empty();
  });
  return found;
}

/// What was typed, by the name of the key's file.
class PassPhrases {
 public:
  explicit PassPhrases(System& system) : system_(system) {}

  void complete(Plan& plan) {
    for (auto& stage : plan.stages) {
      complete(stage.on_error);
      if (FetchArgs* fetch = pipelines::changeable_fetch(stage.args)) complete(*fetch);
      for (pipelines::PlanPtr* block : pipelines::changeable_blocks(stage.args)) complete(*block);
    }
  }

 private:
  // A plan inside another one is shared and never changed, so it is replaced.
  void complete(pipelines::PlanPtr& part) {
    if (!part || !has_locked_key(*part)) return;
    auto changed = std::make_shared<Plan>(*part);
    complete(*changed);
    part = std::move(changed);
  }

  void complete(FetchArgs& args) {
    const std::string key = http::locked_key(args.client.wire);
    if (key.empty()) return;
    auto found = typed_.find(key);
    if (found == typed_.end()) {
      const auto answer =
          system_.ask_secret(fmt::format("Pass phrase for the key in {}: ", text::in_quotes(key)));
      found = typed_.emplace(key, answer).first;
    }
    if (found->second) args.client.wire.key_password = *found->second;
  }

  System& system_;
  std::map<std::string, std::optional<std::string>> typed_;
};

}  // namespace

void ask_pass_phrases(Plan& plan, System& system) { PassPhrases(system).complete(plan); }

}  // namespace leat::cli
