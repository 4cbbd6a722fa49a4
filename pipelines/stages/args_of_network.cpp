#include "pipelines/stages/stage_args.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "pipelines/options/fetch_args.hpp"

namespace leat::pipelines {

namespace {

// The rows of a stage that is a fetch, with those of its own first.
template <std::size_t N>
std::vector<ArgRow> with_fetch(const std::array<ArgRow, N>& own) {
  std::vector<ArgRow> rows(own.begin(), own.end());
  const auto of_fetch = fetch_arg_rows();
  rows.insert(rows.end(), of_fetch.begin(), of_fetch.end());
  return rows;
}

constexpr std::array<std::string_view, 3> kScopes{"host", "site", "any"};

const auto& joined_crawl_rows() {
  static const auto rows = with_fetch(
      std::array{ArgRow{.key = "next",
                        .name = "{…}",
                        .type = ArgType::block,
                        .help = "what makes of a page the records to fetch next",
                        .required = true,
                        .open_end = true},
                 ArgRow{.key = "depth",
                        .name = "N",
                        .type = ArgType::count,
                        .help = "steps away from the first page (default any)",
                        .most = UINT32_MAX},
                 ArgRow{.key = "scope",
                        .name = "WORD",
                        .type = ArgType::word,
                        .help = "host: the same scheme, host and port; site: that host and those below "
                                "it; any (default host)",
                        .choices = kScopes},
                 ArgRow{.key = "frontier",
                        .name = "N",
                        .type = ArgType::count,
                        .help = "records that wait in memory; more wait on disk (default 100k)",
                        .least = 1}});
  return rows;
}

constexpr std::array<std::string_view, 1> kLink{"link"};
const auto& joined_paginate_rows() {
  static const auto rows = with_fetch(std::array{
      ArgRow{.key = "next",
             .name = "(JQ)|link",
             .type = ArgType::jq,
             .help = "the next page: a URL, or an object that is a record; null, false or nothing ends "
                     "it. link: the Link field's rel=\"next\"",
             .choices = kLink,
             .check = check_program},
      ArgRow{.name = "link", .type = ArgType::word, .help = "the same as next=link", .choices = kLink},
      ArgRow{.key = "max",
             .name = "N",
             .type = ArgType::count,
             .help = "pages of one record at most (default 1000)",
             .least = 1}});
  return rows;
}

}  // namespace

std::span<const ArgRow> paginate_rows() noexcept { return joined_paginate_rows(); }
std::span<const ArgRow> crawl_rows() noexcept { return joined_crawl_rows(); }

StageArgs bind_fetch_stage(const BoundStage& stage) { return bind_fetch(stage); }

StageArgs bind_paginate(const BoundStage& stage) {
  const ArgReader reader(stage);
  PaginateArgs args;
  args.fetch = bind_fetch(stage);
  const auto* next = reader.find("next");
  if (next != nullptr && !next->value.choice) reader.read("next", args.next);
  reader.read("max", args.max);
  return args;
}

std::optional<std::string> verify_fetch(const BoundStage& stage) {
  const FetchArgs args = bind_fetch(stage);
  if (args.race == 1 || args.segments == 1) return std::nullopt;
  return "segments= asks all mirrors for a part each, race= for the same: one of them";
}

std::optional<std::string> verify_paginate(const BoundStage& stage) {
  if ((stage.find("link") != nullptr) != (stage.find("next") != nullptr)) return verify_fetch(stage);
  return "\"paginate\" takes next=(jq) or next=link";
}

// The page's copy would wait in the batch for others that come only when it has left.
std::optional<std::string> verify_crawl(const BoundStage& stage) {
  const BoundArg* next = stage.find("next");
  const auto* block =
      next == nullptr ? nullptr : std::get_if<std::shared_ptr<const BoundPipeline>>(&next->value.value);
  if (block == nullptr || *block == nullptr) return verify_fetch(stage);
  for (const auto& inner : (*block)->stages) {
    if (inner.signature != nullptr && inner.signature->name == "batch" && inner.find("within") == nullptr) {
      return "\"batch\" in crawl's next= takes within=, or the crawl would wait for a batch that never fills";
    }
  }
  return verify_fetch(stage);
}

StageArgs bind_crawl(const BoundStage& stage) {
  const ArgReader reader(stage);
  CrawlArgs args;
  std::string scope = "host";
  args.fetch = bind_fetch(stage);
  reader.read("next", args.next);
  reader.read("depth", args.depth);
  reader.read("frontier", args.frontier);
  reader.read("scope", scope);
  args.scope = scope == "any"    ? CrawlArgs::Scope::any
               : scope == "site" ? CrawlArgs::Scope::site
                                 : CrawlArgs::Scope::host;
  return args;
}

}  // namespace leat::pipelines
