#include "cli/run/absent_fields.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "engine/text/nearest.hpp"
#include "pipelines/spec/diagnostics.hpp"

namespace leat::cli {

namespace {

using pipelines::BoundStage;
using pipelines::in_quotes;

constexpr std::array<std::string_view, 23> kOfAnAnswer{"url_effective",
                                                       "status",
                                                       "http_version",
                                                       "content_type",
                                                       "size_download",
                                                       "speed_download",
                                                       "etag",
                                                       "last_modified",
                                                       "num_redirects",
                                                       "remote_ip",
                                                       "remote_port",
                                                       "time_queue",
                                                       "time_namelookup",
                                                       "time_connect",
                                                       "time_appconnect",
                                                       "time_starttransfer",
                                                       "time_total",
                                                       "started_at",
                                                       "resumed_from",
                                                       "body",
                                                       "headers",
                                                       "json",
                                                       "lines"};

template <class Names>
bool is_one_of(std::string_view name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Stages that give the records on that they get, and add nothing to them.
constexpr std::array<std::string_view, 12> kPassing{"where", "dedupe", "limit", "skip",    "sample", "rate",
                                                    "delay", "tee",    "write", "ordered", "null",   "count"};

const std::string* text_of(const BoundStage& stage, std::string_view key) {
  const auto* arg = stage.find(key);
  return arg == nullptr ? nullptr : std::get_if<std::string>(&arg->value.value);
}

}  // namespace

void AbsentFields::make_anew(std::string_view maker) {
  maker_ = maker;
  fetched_ = saved_ = false;
}

// Of "meta.a.b": that, and so meta.a and all below meta.a.b.
void AbsentFields::fill(std::string_view place) {
  if (place == "meta") {
    filled_.reset();
  } else if (filled_ && place.starts_with("meta.")) {
    filled_->emplace_back(place);
  }
}

void AbsentFields::pass(const BoundStage& stage) {
  const auto name = stage.signature->name;
  if (std::exchange(is_source_, false)) {
    const bool names_urls = name == "urls" || (name == "expand" && stage.find("choices") == nullptr);
    if (names_urls) filled_.emplace();
    return;
  }
  if (name == "fetch" || name == "paginate" || name == "crawl") {
    fetched_ = true;
    saved_ = false;
    if (name != "fetch") filled_.reset();
    if (stage.find("stream") == nullptr) return;
    make_anew(name);
    filled_.reset();
  } else if (name == "each" || name == "batch" || (name == "exec" && stage.find("as") != nullptr)) {
    make_anew(name);
    filled_.reset();
  } else if (name == "exec") {
    fill("meta.exec");
  } else if (name == "save") {
    saved_ = true;
  } else if (name == "set") {
    for (const auto& arg : stage.args) fill(arg.key);
  } else if (name == "extract") {
    const auto* place = text_of(stage, "as");
    fill(place == nullptr ? "meta" : std::string_view(*place));
  } else if (name == "hash") {
    filled_.reset();
  } else if (!is_one_of(name, kPassing)) {
    fetched_ = saved_ = true;
    filled_.reset();
  }
}

AbsentFields AbsentFields::within(const BoundStage& stage, std::string_view key) const {
  AbsentFields inside = *this;
  if (key == "on-error" || key == "until" || key == "next") inside.pass(stage);
  if (key == "on-error") {  // what failed may be the record that came, and not what was made of it
    inside.fetched_ = inside.fetched_ || fetched_ || stage.signature->name == "fetch";
    inside.saved_ = inside.saved_ || saved_;
  }
  return inside;
}

std::string AbsentFields::why_absent(std::string_view field) const {
  if (is_source_) return {};
  const std::string no_record = "no record has " + in_quotes("." + std::string(field)) + " here: ";
  if (!fetched_ && is_one_of(field, kOfAnAnswer)) {
    if (maker_.empty()) return no_record + "nothing before this fetches";
    return no_record + in_quotes(maker_) + " made these records, and nothing has fetched them since";
  }
  if (!saved_ && field == "filename") return no_record + "nothing before this saves";
  return {};
}

std::string AbsentFields::why_no_meta(std::string_view path) const {
  if (!filled_ || !path.starts_with("meta.")) return {};
  for (const auto& place : *filled_) {
    const auto both = std::min(place.size(), path.size());
    const auto ends = [both](std::string_view text) {
      return text.size() == both || text[both] == '.' || text[both] == '[';
    };
    if (place.compare(0, both, path.substr(0, both)) == 0 && ends(place) && ends(path)) return {};
  }
  const std::vector<std::string_view> places(filled_->begin(), filled_->end());
  const auto near = text::nearest(path, places);
  const std::string no_record = "no record has " + in_quotes("." + std::string(path)) + " here";
  if (!near.empty()) return no_record + "; did you mean " + in_quotes("." + std::string(near)) + "?";
  return no_record + ": nothing before this puts it there";
}

}  // namespace leat::cli
