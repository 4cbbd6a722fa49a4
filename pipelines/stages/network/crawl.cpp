#include "pipelines/stages/network/crawl.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/http/message/url.hpp"
#include "pipelines/flow/emitter.hpp"

namespace leat::pipelines {

namespace {

std::string_view without_fragment(std::string_view url) noexcept { return url.substr(0, url.find('#')); }

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

template <class... Args>
bool is_any_of(const StageArgs& stage) noexcept {
  return (std::holds_alternative<Args>(stage) || ...);
}

// Whether a block comes to its end with a record whatever else happens. What waits for a transfer, or for
// further records, may wait for those that wait for it.
bool ends_by_itself(const Plan& block) noexcept {
  return std::none_of(block.stages.begin(), block.stages.end(), [](const PlannedStage& stage) {
    return stage.on_error != nullptr || is_any_of<FetchArgs, PaginateArgs, CrawlArgs, BatchArgs, OrderedArgs,
                                                  RateArgs, DelayArgs, TeeArgs>(stage.args);
  });
}

}  // namespace

/// The lineage of a page's copy: held until all that the block makes of it has come back or is gone. A kill
/// has the page done again until then, though its line may be printed: it counts as on its way into the
/// journal.
class Crawl::Page final : public Lineage {
 public:
  Page(Crawl& crawl, LineageRef outer) noexcept
      : Lineage(std::move(outer)),
        crawl_(crawl),
        counts_(crawl.context_.journal != nullptr && ends_by_itself(*crawl.args_.next)) {
    crawl_.hold();
    if (counts_) crawl_.context_.acknowledgement.add(1);
  }
  ~Page() override {
    if (counts_) crawl_.context_.acknowledgement.remove(1);
    crawl_.give_back();
  }

 private:
  Crawl& crawl_;
  const bool counts_;
};

Crawl::Crawl(CrawlArgs args, RunContext& context)
    : Feedback("crawl", args.fetch, args.frontier, context),
      args_(std::move(args)),
      maker_(context.next_maker()) {}

async::Task<void> Crawl::follow(const Record& fetched) {
  if (context_.stopping) co_return;
  auto copy = copy_of(fetched, context_.body_budget);
  copy->order_path = fetched.order_path;
  copy->lineage = std::make_shared<const Page>(*this, fetched.lineage);
  co_await into_.send(std::move(copy));
}

// What the block gives is a descendant of a page, or, where it passes it through, the copy itself.
async::Task<void> Crawl::beside(RecordSender out) {
  RecordReceiver back = std::move(back_);
  for (;;) {
    auto record = co_await back.next();
    if (!record) co_return;
    Record& found = **record;
    const LineageRef page = found.lineage;
    if (page) found.lineage = page->outer();  // none, if a journal brought it back
    if (!found.ticket.held()) adopt(found);
    if (found.failed()) {
      const bool wanted = co_await out.send(std::move(*record));
      if (!wanted) co_return;
      continue;
    }
    admit(std::move(*record));
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
  return record.walk_depth <= args_.depth && in_scope(record);
}

std::string Crawl::name_of(const Record& record) const {
  return http::with_scheme(without_fragment(record.request.url));
}

bool Crawl::in_scope(const Record& record) const {
  if (args_.scope == CrawlArgs::Scope::any) return true;
  if (args_.scope == CrawlArgs::Scope::host) {
    return http::origin_of(record.request.url) == http::origin_of(record.home);
  }
  return same_site(host_of(record.request.url), host_of(record.home));
}

}  // namespace leat::pipelines
