#include "pipelines/stages/network/paginate.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/http/message/link_header.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/flow/births.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/record/own_origin.hpp"
#include "pipelines/result/assign.hpp"
#include "pipelines/result/record_view.hpp"
#include "pipelines/stages/network/feedback.hpp"
#include "pipelines/stages/network/fetch_row.hpp"
#include "pipelines/stages/network/first_output.hpp"
#include "pipelines/stages/network/request_body.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kInMemory = 100'000;  // records that wait; the rest is on disk

/// paginate: fetches a record, then the page that it names as the next one, and so on, at most `max` pages of
/// each. The next one is what the program gives (a URL, or an object that is a record; nothing, null, false
/// and an empty text are the end), or the Link field's rel="next". A walk that ends in any other way ends
/// with a failed record, pagination_incomplete.
class Paginate final : public Feedback {
 public:
  Paginate(PaginateArgs args, RunContext& context);

  /// A program that finds the next page may look for it in the body.
  Status set_body_use(BodyUse use, const StageArgs* save) override {
    return Feedback::set_body_use(args_.next.empty() ? use : BodyUse::text, save);
  }

 private:
  async::Task<void> follow(const Record& fetched) override;
  [[nodiscard]] bool is_last(const Record& fetched) const noexcept {
    return fetched.walk_depth + 1 >= args_.max;
  }
  /// Why the walk must not end, or go on, with this page.
  [[nodiscard]] Status ends_early(const Record& fetched, bool has_next) const;
  [[nodiscard]] Status repeated(const Record& record) const override;
  async::Task<void> beside(RecordSender out) override;
  [[nodiscard]] bool wanted(const Record& /*record*/) const override { return true; }
  void begins(const Record& first) override;
  /// Each walk by itself: two of them may well come to the same page.
  [[nodiscard]] std::string name_of(const Record& record) const override;
  /// The next page's URL or object as JSON; empty: there is none.
  async::Task<Result<std::string>> next_of(const Record& fetched);

  PaginateArgs args_;
  std::optional<FirstOutput> program_;
  std::uint64_t maker_;
  std::unordered_map<std::uint64_t, std::uint64_t> again_;  // walks that were begun anew, and how often
};

Error incomplete(std::string why) { return {Errc::pagination_incomplete, std::move(why)}; }

Status unknown_next(const Error& why) { return incomplete("the next page is not known: " + why.message); }

// The places that the stage's own url= body= and the like leave alone in the next page's request.
std::vector<std::string> said_by(JsonValue next) {
  std::vector<std::string> places;
  if (!next.is(JsonKind::object)) return {"url"};
  for (const auto& member : next.distinct_members()) {
    const std::string name = member.key.text();
    if (name == "url" || name == "method" || name == "body") places.push_back(name);
    if (name != "headers") continue;
    if (member.value.is(JsonKind::object)) {
      for (const auto& field : member.value.distinct_members())
        places.push_back("header." + field.key.text());
    } else if (member.value.is(JsonKind::array)) {
      for (const auto line : member.value.items()) {
        const std::string text = line.text();
        places.push_back("header." + text.substr(0, text.find(':')));
      }
    }
  }
  return places;
}

async::Task<Result<std::string>> next_link(const Record& fetched) {
  if (!fetched.response) co_return std::string();
  const auto& response = *fetched.response;
  const auto link = http::find_link(response.head.headers, "next", response.url_effective);
  co_return link ? json_text(*link) : std::string();
}

}  // namespace

Paginate::Paginate(PaginateArgs args, RunContext& context)
    : Feedback("paginate", args.fetch, kInMemory, Frontier::Pages::here, context),
      args_(std::move(args)),
      maker_(context.next_maker()) {
  if (!args_.next.empty()) program_.emplace(args_.next, context);
}

// What ends a walk too early is a record of its own, that of the page which is not fetched: the pages before
// it are good, and go on.
async::Task<void> Paginate::follow(const Record& fetched) {
  if (leaves_rest()) co_return;
  auto finding = next_of(fetched);
  auto found = co_await std::move(finding);
  auto early = found ? ends_early(fetched, !found->empty()) : unknown_next(found.error());
  if (!early && (found->empty() || is_last(fetched))) co_return;
  auto record = descend(fetched, 0);
  record->request = fetched.request;
  record->request.own_origin = own_origin_of(fetched);
  be_born(context_, *record, maker_);
  if (found && !found->empty()) {
    JsonDoc doc;
    doc.parse(*found);
    auto error = fill(*record, doc.root(), base_url(fetched));
    if (!early) early = std::move(error);
    record->fixed = said_by(doc.root());
  }
  if (early) record->fail(std::move(*early), "paginate");
  admit(std::move(record));
}

// A page that is not there is how some servers say that the one before was the last.
Status Paginate::ends_early(const Record& fetched, bool has_next) const {
  if (has_next) {
    if (!is_last(fetched) || args_.stops) return std::nullopt;
    return incomplete(
        fmt::format("max={} pages were fetched, and the last one names a next page; raise max=, or "
                    "say on-max=stop if that is meant",
                    args_.max));
  }
  const int status = fetched.response ? fetched.response->head.status : 0;
  if (status < 400 || status == 404 || status == 410) return std::nullopt;
  return incomplete(fmt::format("a page was answered with {}, so that the next page is not known", status));
}

Status Paginate::repeated(const Record& /*record*/) const {
  if (args_.stops) return std::nullopt;
  return incomplete(
      "the next page is one that was fetched already, which would never end; say on-max=stop if that is the "
      "end, or ask one page again and again by fetch until=(…)");
}

// Many an API says "next": "" on its last page.
async::Task<Result<std::string>> Paginate::next_of(const Record& fetched) {
  auto asking = program_ ? program_->of(fetched) : next_link(fetched);
  auto found = co_await std::move(asking);
  if (found && *found == "\"\"") found->clear();
  co_return found;
}

async::Task<void> Paginate::beside(RecordSender /*out*/) { co_return; }

// Each walk by itself: two of them may well come to the same page. A cursor may be in the body. A fragment
// makes no other page.
std::string Paginate::name_of(const Record& record) const {
  const auto& request = record.request;
  const auto again = again_.find(record.walk);
  const std::string walk =
      std::to_string(record.walk) + (again == again_.end() ? "" : "." + std::to_string(again->second));
  const std::string_view url = request.url.text();
  return (walk + " ").append(url.substr(0, url.find('#'))) + "\n" + request.body.value_or("");
}

// A walk that another process of the job was to take over begins anew if it comes back to this one, and what
// it has led to before is not known then.
void Paginate::begins(const Record& first) {
  while (!first.failed() && knows(name_of(first))) ++again_[first.walk];
}

namespace {

std::optional<std::string> verify_paginate(const BoundStage& stage) {
  if ((stage.find("link") != nullptr) != (stage.find("next") != nullptr)) return verify_fetch(stage);
  return "\"paginate\" takes next=(jq) or next=link";
}

constexpr std::array<std::string_view, 1> kLink{"link"};
constexpr std::array<std::string_view, 2> kOnMax{"fail", "stop"};

Argument<PaginateArgs> on_max_arg() {
  return {{.key = "on-max",
           .name = "WORD",
           .type = ArgType::word,
           .help = "fail: pages that are left out are a failure; stop: it ends well at max=, or where a page "
                   "comes again (default fail)",
           .choices = kOnMax},
          [](const ArgReader& reader, const ArgRow& row, PaginateArgs& args) {
            args.stops = std::get<std::string>(reader.find(row.key)->value.value) == "stop";
          }};
}

Argument<PaginateArgs> next_arg() {
  return {
      {.key = "next",
       .name = "(JQ)|link",
       .type = ArgType::jq,
       .help = "the next page: a URL, or an object that is a record; null, false, \"\" or nothing ends it. "
               "link: the Link field's rel=\"next\"",
       .choices = kLink,
       .check = check_program},
      [](const ArgReader& reader, const ArgRow& row, PaginateArgs& args) {
        if (!reader.find(row.key)->value.choice) reader.read(row.key, args.next);
      }};
}

}  // namespace

const StageRow& row_of(const PaginateArgs& /*args*/) noexcept {
  static const StageType<PaginateArgs> row({
      .signature = {.name = "paginate",
                    .kind = StageKind::stage,
                    .help = "fetches a page, then the one that it names as the next, and so on",
                    .example =
                        "urls http://127.0.0.1:8080/json/items?pages=3 | paginate next=(.json.next) max=10",
                    .verify = verify_paginate},
      .args = {next_arg(),
               ArgRow{
                   .name = "link", .type = ArgType::word, .help = "the same as next=link", .choices = kLink},
               arg<&PaginateArgs::max>({.key = "max",
                                        .name = "N",
                                        .type = ArgType::count,
                                        .help = "the most pages of one record (default 1000)",
                                        .least = 1}),
               on_max_arg()},
      .make = make_stage<Stage, Paginate, PaginateArgs>,
      .facts = [](const PaginateArgs& args) { return feedback_facts(args.fetch); },
      .notes =
          [](const PaginateArgs& args) {
            std::string notes = notes_of(args.fetch);
            add_note(notes, fmt::format("up to {} pages each", args.max));
            add_note(notes, program_note(args.next));
            return notes;
          },
      .more_args = fetch_arg_rows(),
      .bind_rest = [](const BoundStage& stage, PaginateArgs& args) { args.fetch = bind_fetch(stage); },
      .check = [](const PaginateArgs& args) { return check_fetch(args.fetch); },
      .fetch = [](const PaginateArgs& args) -> const FetchArgs& { return args.fetch; },
  });
  return row;
}

}  // namespace leat::pipelines
