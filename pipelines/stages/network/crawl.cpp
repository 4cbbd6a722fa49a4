#include "pipelines/stages/network/crawl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/http/message/canonical_url.hpp"
#include "engine/http/message/redirect_rule.hpp"
#include "engine/http/message/shown_url.hpp"
#include "engine/http/message/url.hpp"
#include "engine/http/message/url_parts.hpp"
#include "engine/text/hash.hpp"
#include "engine/text/list_pieces.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/flow/births.hpp"
#include "pipelines/flow/unwanted.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/stages/network/feedback.hpp"
#include "pipelines/stages/network/fetch_row.hpp"
#include "pipelines/stages/network/first_output.hpp"
#include "pipelines/stages/network/request_body.hpp"

namespace leat::pipelines {

namespace {

std::string_view without_www(std::string_view host) noexcept {
  constexpr std::string_view kWww = "www.";
  return host.starts_with(kWww) ? host.substr(kWww.size()) : host;
}

std::string host_of(const std::string& url) {
  auto parsed = http::parse_url(url);
  return parsed ? parsed->host : std::string();
}

bool same_site(const std::string& host, const std::string& home) {
  const std::string_view site = without_www(home);
  const std::string_view own = without_www(host);
  return own == site || (own.ends_with(site) && own[own.size() - site.size() - 1] == '.');
}

// Whether a block comes to its end with a record whatever else happens. What waits for a transfer, or for
// further records, may wait for those that wait for it.
bool ends_by_itself(const Plan& block) {
  return std::all_of(block.stages.begin(), block.stages.end(), [](const PlannedStage& stage) {
    return stage.on_error == nullptr && stage.args.row().facts(stage.args).ends_by_itself;
  });
}

/// crawl: a fetch that feeds itself: a copy of each page goes through the block `next`, what comes out of
/// that is fetched again, each URL once.
///
/// URLs are one if RFC 3986 says so (see canonical_url), apart from the parameters of `ignore-query`, or if
/// `canonical` gives the same text for them. Where a redirect leads counts as fetched, and none is followed
/// out of the scope or to a page that the crawl has. `scope` and `depth` are measured from the record that
/// came from upstream: the same host and port, or the same site (the host or one below it, "www." aside), or
/// any. Links of other schemes (mailto:, javascript:) are no records, unless they are asked for.
class Crawl final : public Feedback, public Unwanted {
 public:
  Crawl(CrawlArgs args, RunContext& context);

  void set_block(RecordSender into, RecordReceiver back) noexcept override {
    into_ = std::move(into);
    back_ = std::move(back);
  }

 private:
  class Rule;

  async::Task<void> follow(const Record& fetched) override;
  async::Task<void> beside(RecordSender out) override;
  void end_beside() noexcept override;
  [[nodiscard]] bool wanted(const Record& record) const override;
  [[nodiscard]] std::string name_of(const Record& record) const override {
    return name_of_url(record.request.url.text());
  }
  void prepare(Record& record) override;
  [[nodiscard]] bool goes_on(Record& fetched) override;
  // A name's own name is itself. A link that is written otherwise comes as a record.
  [[nodiscard]] bool is_unwanted(std::string_view url) const override { return !asks_names() && knows(url); }
  [[nodiscard]] bool asks_names() const noexcept override { return canonical_.has_value(); }
  async::Task<Result<std::string>> ask_name(const Record& record) override;
  async::Task<void> leave_out_known(const std::vector<RecordPtr>& fetched, std::vector<bool>& goes) override;
  async::Task<std::optional<std::string>> name_led_to(const Record& fetched);
  [[nodiscard]] bool is_anothers(const std::string& name, std::uint64_t id) const;
  [[nodiscard]] std::string name_of_url(std::string_view url) const;
  void adopt(Record& copy);
  [[nodiscard]] bool in_scope(const std::string& url, const std::string& home) const;

  CrawlArgs args_;
  const std::uint64_t maker_;
  const bool block_ends_by_itself_;
  std::optional<FirstOutput> canonical_;
  mutable std::mutex led_mutex_;                             // as for what is known
  std::unordered_map<std::uint64_t, std::uint64_t> led_to_;  // of a job: names, and whom a redirect led there
  RecordSender into_;
  RecordReceiver back_;
};

}  // namespace

Crawl::Crawl(CrawlArgs args, RunContext& context)
    : Feedback("crawl", args.fetch, args.frontier, Frontier::Pages::shared, context),
      args_(std::move(args)),
      maker_(context.next_maker()),
      block_ends_by_itself_(ends_by_itself(*args_.next)) {
  if (!args_.canonical.empty()) canonical_.emplace(args_.canonical, context);
}

async::Task<void> Crawl::follow(const Record& fetched) {
  if (leaves_rest() || into_.closed()) co_return;  // the block may have ended by a limit
  auto copy = copy_of(fetched, context_.body_budget);
  copy->descent = {hold(fetched.descent.family, block_ends_by_itself_), fetched.descent.path};
  co_await into_.send(std::move(copy));
}

// What the block gives is a descendant of a page, or, where it passes it through, the copy itself.
async::Task<void> Crawl::beside(RecordSender out) {
  RecordReceiver back = std::move(back_);
  for (;;) {
    auto record = co_await back.next();
    if (!record) co_return;
    Record& found = **record;
    const FamilyRef page = found.descent.leave();
    if (!found.ticket.held()) adopt(found);
    if (found.failed() && found.error->code == Errc::unsupported_scheme && !args_.other_schemes) {
      found.ticket.settle(Outcome::skipped);
      continue;
    }
    if (found.failed()) {
      const bool wanted = co_await out.send(std::move(*record));
      if (!wanted) co_return;
      continue;
    }
    auto admitting = name_and_admit(std::move(*record));
    co_await std::move(admitting);
    auto making_room = wait_for_room();
    co_await std::move(making_room);
  }
}

// Without them the block ends.
void Crawl::end_beside() noexcept {
  into_ = RecordSender();
  back_ = RecordReceiver();
}

// The copy of a page that the block has passed through becomes the page's child.
void Crawl::adopt(Record& copy) {
  copy.parent = copy.id;
  ++copy.depth;
  ++copy.walk_depth;
  be_born(context_, copy, maker_);
}

bool Crawl::wanted(const Record& record) const {
  return record.walk_depth <= args_.depth && in_scope(record.request.url.text(), record.home);
}

std::string Crawl::name_of_url(std::string_view url) const {
  std::string name = http::canonical_url(url);
  http::drop_parameters(name, args_.ignore_query);
  return name;
}

// What is a URL is compared as URLs are.
async::Task<Result<std::string>> Crawl::ask_name(const Record& record) {
  if (!canonical_) co_return name_of(record);
  static const std::string kNull = "null";  // or false
  auto asking = canonical_->of(record);
  const auto said = co_await std::move(asking);
  if (!said) co_return said.error();
  const std::string& output = said.value().empty() ? kNull : said.value();
  JsonDoc doc;
  doc.parse(output);
  if (!doc.root().is(JsonKind::string)) {
    constexpr std::size_t kShown = 200;  // bytes
    co_return Error(Errc::filter_error, "canonical= gives " + text::printable(output, kShown) +
                                            ", where the text belongs that a page is known by");
  }
  const std::string name = doc.root().text();
  co_return name.find("://") == std::string::npos ? name : name_of_url(name);
}

// The name of a page that a redirect has led to, if it is another one.
async::Task<std::optional<std::string>> Crawl::name_led_to(const Record& fetched) {
  if (fetched.failed() || !fetched.response || fetched.response->num_redirects == 0) co_return std::nullopt;
  Record asked;
  asked.request.url = fetched.request.url;
  asked.meta = fetched.meta;
  auto asking = ask_name(asked);
  const auto own = co_await std::move(asking);
  asked.request.url = fetched.response->url_effective;
  auto asking_target = ask_name(asked);
  const auto target = co_await std::move(asking_target);
  if (!own || !target || own.value() == target.value()) co_return std::nullopt;
  co_return target.value();
}

// Where a redirect is looked at, no program or job can be asked. A walk's first page was asked for by name.
async::Task<void> Crawl::leave_out_known(const std::vector<RecordPtr>& fetched, std::vector<bool>& goes) {
  std::vector<FirstOf> names;
  std::vector<std::size_t> whose;
  for (std::size_t i = 0; i < fetched.size(); ++i) {
    if (!goes[i]) continue;
    const Record& record = *fetched[i];
    auto looking = name_led_to(record);
    const auto name = co_await std::move(looking);
    if (!name) continue;
    const bool is_new = know(*name);
    if (!is_shared()) {
      goes[i] = is_new || record.walk_depth == 0;
      continue;
    }
    names.push_back({text::hash64(*name), record.id});
    whose.push_back(i);
  }
  if (names.empty()) co_return;
  auto asking = are_first(names);
  const auto firsts = co_await std::move(asking);
  for (std::size_t i = 0; firsts && i < whose.size(); ++i) {
    goes[whose[i]] = (*firsts)[i] || fetched[whose[i]]->walk_depth == 0;
    if (!(*firsts)[i]) continue;
    const std::lock_guard lock(led_mutex_);
    led_to_[names[i].key] = names[i].id;
  }
}

// What a record was led to before it went back to the job is its own when it comes again.
bool Crawl::is_anothers(const std::string& name, std::uint64_t id) const {
  if (!knows(name)) return false;
  const std::lock_guard lock(led_mutex_);
  const auto led = led_to_.find(text::hash64(name));
  return led == led_to_.end() || led->second != id;
}

bool Crawl::in_scope(const std::string& url, const std::string& home) const {
  if (args_.scope == CrawlArgs::Scope::any) return true;
  if (args_.scope == CrawlArgs::Scope::host) return http::origin_of(url) == http::origin_of(home);
  return same_site(host_of(url), host_of(home));
}

/// Follows a redirect that stays in the crawl's scope, to a page that nothing else has led to.
class Crawl::Rule final : public http::RedirectRule {
 public:
  Rule(Crawl& crawl, const Record& record)
      : crawl_(crawl), id_(record.id), home_(record.home), own_{record.request.url.text()} {}

  [[nodiscard]] bool refused() const noexcept { return refused_; }
  [[nodiscard]] Status check(const std::string& target) const override {
    const std::lock_guard lock(mutex_);
    if (!crawl_.in_scope(target, home_)) {
      refused_ = true;
      return Error(Errc::redirect_refused, "a redirect leads out of the crawl's scope, to " +
                                               http::shown_url(target) +
                                               "; begin there, or give scope=site or scope=any");
    }
    if (crawl_.canonical_) return std::nullopt;  // see leave_out_known
    // What another try of this record has been led to is its own.
    const std::string name = crawl_.name_of_url(target);
    for (const auto& own : own_)
      if (crawl_.name_of_url(own) == name) return std::nullopt;
    refused_ = crawl_.is_shared() ? crawl_.is_anothers(name, id_) : !crawl_.know(name);
    if (refused_)
      return Error(Errc::redirect_refused, "a redirect leads to a page that this crawl has already");
    own_.push_back(target);
    return std::nullopt;
  }

 private:
  Crawl& crawl_;
  const std::uint64_t id_;
  const std::string home_;
  mutable std::mutex mutex_;              // mirrors race
  mutable std::vector<std::string> own_;  // URLs
  mutable std::atomic<bool> refused_ = false;
};

void Crawl::prepare(Record& record) { record.request.redirects = std::make_shared<Rule>(*this, record); }

// A redirect that is not followed is no page. But the first page of a walk was asked for by name, and fails.
bool Crawl::goes_on(Record& fetched) {
  const auto redirects = std::exchange(fetched.request.redirects, nullptr);
  const auto* rule = static_cast<const Rule*>(redirects.get());
  const bool is_refused = fetched.failed() && rule != nullptr && rule->refused();
  return !is_refused || fetched.walk_depth == 0;
}

namespace {

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

std::optional<TextFault> check_parameters(const std::string& list) {
  for (const auto name : text::list_pieces(list)) {
    if (!name.empty()) continue;
    return TextFault{static_cast<std::size_t>(name.data() - list.data()),
                     "takes names of parameters with commas between them, such as utm_*,PHPSESSID"};
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 3> kScopes{"host", "site", "any"};

}  // namespace

const StageRow& row_of(const CrawlArgs& /*args*/) noexcept {
  static const StageType<CrawlArgs> row({
      .signature = {.name = "crawl",
                    .kind = StageKind::stage,
                    .help = "fetches a page, then what its block makes of it, and so on, each URL once",
                    .example = "urls http://127.0.0.1:8080/ok/1 | crawl next={ extract css=\"a[href]\" "
                               "attr=href as=meta.links | each (.meta.links[]) } depth=2",
                    .verify = verify_crawl},
      .args =
          {arg<&CrawlArgs::next>({.key = "next",
                                  .name = "{…}",
                                  .type = ArgType::block,
                                  .help = "the block that makes the next records to fetch from a page",
                                  .required = true,
                                  .open_end = true}),
           arg<&CrawlArgs::depth>({.key = "depth",
                                   .name = "N",
                                   .type = ArgType::count,
                                   .help = "how many steps from the first page (default any)",
                                   .most = UINT32_MAX}),
           arg<&CrawlArgs::scope>({.key = "scope",
                                   .name = "WORD",
                                   .type = ArgType::word,
                                   .help = "host: the same scheme, host and port; site: that host and "
                                           "those below it; any (default host)",
                                   .choices = kScopes}),
           arg<&CrawlArgs::ignore_query>(
               {.key = "ignore-query",
                .name = "LIST",
                .type = ArgType::list,
                .help = "parameters that make no other page: utm_*,PHPSESSID (default none)",
                .check = check_parameters}),
           arg<&CrawlArgs::canonical>(
               program_row("canonical", "the text that a page is known by, such as a part of .url")),
           arg<&CrawlArgs::other_schemes>(
               {.key = "other-schemes",
                .name = "BOOL",
                .type = ArgType::flag,
                .help = "links such as mailto: and javascript: are failed records (default false: dropped)"}),
           arg<&CrawlArgs::frontier>({.key = "frontier",
                                      .name = "N",
                                      .type = ArgType::count,
                                      .help = "records that wait in memory; more wait on disk (default 100k)",
                                      .least = 1})},
      .make = make_stage<Stage, Crawl, CrawlArgs>,
      .facts = [](const CrawlArgs& args) { return feedback_facts(args.fetch); },
      .notes =
          [](const CrawlArgs& args) {
            std::string notes = notes_of(args.fetch);
            add_note(notes,
                     fmt::format("the frontier is unbounded, {} of it in memory; each URL is fetched once",
                                 args.frontier));
            return notes;
          },
      .more_args = fetch_arg_rows(),
      .bind_rest =
          [](const BoundStage& stage, CrawlArgs& args) {
            args.fetch = bind_fetch(stage);
            if (stage.find("robots") == nullptr) args.fetch.obey_robots = true;
          },
      .check = [](const CrawlArgs& args) { return check_fetch(args.fetch); },
      .fetch = [](const CrawlArgs& args) -> const FetchArgs& { return args.fetch; },
  });
  return row;
}

}  // namespace leat::pipelines
