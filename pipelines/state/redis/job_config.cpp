#include "pipelines/state/redis/job_config.hpp"

#include <fmt/format.h>

#include "engine/text/json_writer.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/state/redis/job_calls.hpp"

namespace leat::pipelines {

namespace {

Error refused(const std::string& shown, const std::string& why) {
  return Error(Errc::bad_input, fmt::format("can't take part in the job of Redis at {}: {}", shown, why));
}

}  // namespace

std::string config_text(const JournalConfig& config) {
  text::JsonWriter json;
  json.put('[');
  for (std::size_t i = 0; i < config.size(); ++i) {
    json.put(i == 0 ? '[' : ',');
    if (i > 0) json.put('[');
    json.string(config[i].first);
    json.put(',');
    json.string(config[i].second);
    json.put(']');
  }
  json.put(']');
  return std::string(json.text());
}

JournalConfig config_of_text(const std::string& text) {
  JournalConfig config;
  JsonDoc doc;
  if (doc.parse(text) || !doc.root().is(JsonKind::array)) return config;
  for (const JsonValue pair : doc.root().items()) {
    std::vector<std::string> words;
    if (!pair.is(JsonKind::array)) continue;
    for (const JsonValue word : pair.items()) words.push_back(word.text());
    if (words.size() == 2) config.emplace_back(std::move(words[0]), std::move(words[1]));
  }
  return config;
}

Status refusal_of_job(const redis::Reply& reply, const std::string& shown) {
  const auto& words = reply.items;
  const std::string& said = words.front().text;
  if (said == "new" || said == "known") {
    if (words.size() == 4) return std::nullopt;
    return Error(Errc::bad_response, "Redis answers a script with something else");
  }
  if (said == "none") return refused(shown, "there is none of that name");
  if (said == "format") {
    return refused(shown, fmt::format("leat {} has made it (format {}, this one knows {}); use that leat, or "
                                      "name another job",
                                      words.back().text, words[1].text, kJobFormat));
  }
  return refused(shown, fmt::format("its key is another program's, a {}; name another job, or another "
                                    "database",
                                    words.back().text));
}

Status difference_of_job(const redis::Reply& reply, const JournalConfig& config, const std::string& shown) {
  const std::string differs = first_difference(config_of_text(reply.items[2].text), config);
  if (differs.empty()) return std::nullopt;
  return refused(shown,
                 fmt::format("it does other work: {}; run the same command, name another job, or remove "
                             "this one: leat work --drop URL",
                             differs));
}

}  // namespace leat::pipelines
