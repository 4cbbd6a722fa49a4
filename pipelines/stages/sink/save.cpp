#include "pipelines/stages/sink/save.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/http/message/content_disposition.hpp"
#include "engine/http/message/http_date.hpp"
#include "engine/http/message/url.hpp"
#include "engine/http/message/url_parts.hpp"
#include "engine/io/file_writer.hpp"
#include "engine/text/hash.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/options/checksum_file.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/result/file_name.hpp"
#include "pipelines/result/other_names.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

namespace {

// A line's own path, cleared of empty and "." components; what would leave the directory is refused.
Result<std::string> confined(std::string_view path) {
  const Error refused(Errc::name_refused, "\"output\" must stay below the output directory");
  if (path.starts_with('/')) return refused;
  std::string out;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const auto component = path.substr(at, end - at);
    if (component == "..") return refused;
    if (!component.empty() && component != ".") {
      if (!out.empty()) out += '/';
      out += component;
    }
    at = end + 1;
  }
  return out;
}

std::string shown_path(const std::string& base, const std::string& path) {
  if (base == ".") return path;
  return base.ends_with('/') ? base + path : base + "/" + path;
}

// What tells one body from another: the URL, and what is sent there.
std::string source_of(const Record& record, std::string_view url) {
  std::string source(url.substr(0, url.find('#')));
  const http::Request& request = record.request;
  if (request.effective_method() != "GET") source.append(" ").append(request.effective_method());
  if (request.body) source.append(fmt::format(" {:016x}", text::hash64(*request.body)));
  if (!request.upload.empty()) source.append(" ").append(request.upload);
  return source;
}

// As a file says of itself whose it is. Without scheme and host: a mirror's file is the same file.
std::string mark_of(const Record& record) {
  return fmt::format("{:016x}", text::hash64(source_of(record, record.request.url.rest())));
}

}  // namespace

/// What the file of one record may be called. Outlived by the Save and the record.
class Save::Naming {
 public:
  static Result<Naming> of(const Save& save, const Record& record) {
    auto url = http::parse_url(record.request.url.text());
    if (!url) return std::move(url.error());
    Naming naming(save, record, std::move(*url));
    if (record.output.empty()) return naming;
    auto own = NameTemplate::compile(record.output);
    if (!own) return std::move(own.error());
    naming.own_ = std::move(*own);
    return naming;
  }

  [[nodiscard]] const NameTemplate& name() const noexcept { return own_ ? *own_ : *save_->template_; }
  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  [[nodiscard]] std::string mark() const { return mark_of(*record_); }
  [[nodiscard]] std::string page() const { return url_.host + ":" + url_.port + url_.path; }
  [[nodiscard]] bool has_query() const noexcept { return !url_.query.empty(); }
  [[nodiscard]] std::string source_without_query() const {
    const std::string& url = record_->request.url.text();
    return source_of(*record_, std::string_view(url).substr(0, url.find('?')));
  }

  [[nodiscard]] Result<std::string> path() const {
    RecordView view;
    view.look_at(*record_);
    NameSource from = look();
    from.record = &view;
    auto path = expand_name(name(), from);
    if (!path || !own_) return path;
    return confined(shown_path(own_->base(), *path));
  }
  [[nodiscard]] std::vector<std::string> others(const std::string& path, bool same_page) const {
    return other_names(path, name(), look(), same_page);
  }

 private:
  Naming(const Save& save, const Record& record, http::UrlParts url)
      : save_(&save),
        record_(&record),
        url_(std::move(url)),
        source_(source_of(record, record.request.url.text())) {}

  [[nodiscard]] NameSource look() const {
    NameSource from = name_source_of(*record_, url_);
    if (save_->args_.remote_name && record_->response) {
      const auto field = record_->response->head.headers.find("content-disposition");
      if (field) from.name = http::disposition_filename(*field);
    }
    return from;
  }

  const Save* save_;
  const Record* record_;
  http::UrlParts url_;
  std::string source_;
  std::optional<NameTemplate> own_;
};

void Save::describe(io::FileWriter& file, const Record& record) const {
  if (keeps_files() && (!template_ || has_other_names(*template_))) file.set_source(mark_of(record));
  if (!record.response) return;
  const auto& headers = record.response->head.headers;
  if (args_.remote_time) {
    const auto field = headers.find("last-modified");
    if (const auto time = field ? http::parse_http_date(*field) : std::nullopt) file.set_modified(*time);
  }
  if (!args_.if_changed) return;
  if (const auto etag = headers.find("etag"); etag && !etag->empty()) file.set_etag(std::string(*etag));
}

void Save::Claim::know(io::FileVersion version) {
  state_.known = http::Validators{version.etag, http::http_date(version.modified)};
  state_.version = std::move(version);
}

void Save::Claim::take_etag(const io::FileVersion& saved) {
  const bool is_that = saved.size == state_.version.size && saved.modified == state_.version.modified;
  if (state_.known && is_that) state_.known->etag = saved.etag;
}

std::string Save::Claim::shown() const { return shown_path(base().path(), final_path()); }

Save::Save(SaveArgs args, std::optional<NameTemplate> compiled)
    : args_(std::move(args)),
      template_(std::move(compiled)),
      directory_(template_ ? template_->base() : kHere),
      target_(stream_target_of(args_.file_template)) {}

Result<std::unique_ptr<Save>> Save::make(const SaveArgs& args) {
  std::optional<NameTemplate> compiled;
  if (!args.file_template.empty()) {
    auto result = NameTemplate::compile(args.file_template);
    if (!result) return result.error();
    compiled = std::move(*result);
  }
  return std::unique_ptr<Save>(new Save(args, std::move(compiled)));
}

Status Save::join(RunContext& run, std::shared_ptr<const ChecksumFile> sums) {
  run_ = &run;
  sums_ = std::move(sums);
  if (sums_) run.sums.push_back(sums_);
  if (target_.kind != StreamTarget::Kind::standard_output) return std::nullopt;
  auto writer = run.outputs.open("-");  // so that the run ends with its reader
  return writer ? std::nullopt : Status(std::move(writer.error()));
}

std::string Save::shown(const std::string& path) const { return shown_path(directory_.path(), path); }

bool Save::is_late(const NameTemplate& name) const {
  return args_.remote_name || !name.is_known_before_response();
}

Result<std::optional<Save::Claim>> Save::claim(Record& record) {
  if (!template_ && record.output.empty()) return std::optional<Claim>();
  auto naming = Naming::of(*this, record);
  if (!naming) return std::move(naming.error());
  return is_late((*naming).name()) ? take_hidden(record) : take(record, *naming, false);
}

Result<std::optional<Save::Claim>> Save::claim_final(Record& record) {
  auto naming = Naming::of(*this, record);
  if (!naming) return std::move(naming.error());
  return take(record, *naming, true);
}

std::optional<Save::Claim> Save::skip(Record& record, const Naming& naming, const std::string& path) {
  record.outcome = Outcome::skipped;
  record.filename = shown(path);
  names_.take(path, naming.source());
  found_.insert(path);
  return std::nullopt;
}

Save::Claim Save::claim_of(const Naming& naming, Place place, bool replace) {
  names_.take(place.path, naming.source());
  Claim::State state;
  state.replace = replace;
  state.standing = place.standing;
  state.source = naming.source();
  // Where others have other names, a name's owner keeps it, so that names don't depend on what fails.
  state.may_lapse = !has_other_names(naming.name());
  return Claim(*this, std::move(place.path), std::move(state));
}

Result<std::optional<Save::Claim>> Save::take(Record& record, const Naming& naming, bool late) {
  auto place = settle(naming);
  if (!place) return std::move(place.error());
  return take_placed(record, naming, std::move(*place), late);
}

// Its name, or the first of its other names that nobody else has.
Result<Save::Place> Save::settle(const Naming& naming) {
  auto path = naming.path();
  if (!path) return std::move(path.error());
  auto first = place(std::move(*path));
  bool same_page = naming.has_query() && names_.has_seen(naming.page());
  if (!first || !is_anothers(naming, *first)) return first;
  // A page without a query is not remembered, since most are; the name that it has tells.
  if (naming.has_query() && !same_page)
    same_page = names_.belongs_to((*first).path, naming.source_without_query());
  // Equal contents have one name.
  if (naming.name().names_content() || args_.on_exist == OnExist::rename) return first;
  if (args_.on_exist != OnExist::fail) {
    if (same_page) {  // it may be this very URL, which then has one of these names already
      for (auto& other : naming.others((*first).path, false)) {
        auto known = place(std::move(other));
        if (known && names_.belongs_to((*known).path, naming.source())) return known;
      }
    }
    for (auto& other : naming.others((*first).path, same_page)) {
      auto next = place(std::move(other));
      if (!next || !is_anothers(naming, *next)) return next;
    }
  }
  return Error(Errc::file_exists, "this run already writes \"" + shown((*first).path) + "\" for another URL");
}

bool Save::is_anothers(const Naming& naming, const Place& place) const {
  if (names_.is_taken(place.path)) return !names_.belongs_to(place.path, naming.source());
  if (!place.standing.file || !keeps_files() || naming.name().names_content()) return false;
  if (!has_other_names(naming.name())) return false;
  const std::string whose = io::source_of(directory_, place.path);
  return !whose.empty() && whose != naming.mark();
}

Result<std::optional<Save::Claim>> Save::take_placed(Record& record, const Naming& naming, Place place,
                                                     bool late) {
  if (auto refused = refuse_own(place)) return std::move(*refused);
  const OnExist how = args_.on_exist;
  const bool is_taken = names_.is_taken(place.path);
  if (how == OnExist::rename && (is_taken || place.standing.file)) return renamed(naming, place.path);
  if (is_taken && naming.name().names_content() && keeps_files()) return skip(record, naming, place.path);
  if (!late && sums_) {
    if (auto error = sums_->expect(record, place.path)) return std::move(*error);
  }
  if (is_taken && !found_.contains(place.path)) return take_again(record, naming, std::move(place), late);
  if (place.standing.file) return take_standing(record, naming, std::move(place), late);
  return std::optional<Claim>(claim_of(naming, std::move(place), how == OnExist::overwrite));
}

// The same URL once more: the same file, written anew. Where the first is still being written, this one goes
// to a file of its own until it is whole.
Result<std::optional<Save::Claim>> Save::take_again(Record& record, const Naming& naming, Place place,
                                                    bool late) {
  if (args_.on_exist == OnExist::fail)
    return Error(Errc::file_exists, "\"" + shown(place.path) + "\" is there already");
  if (late || !flying_.contains(place.path))
    return std::optional<Claim>(claim_of(naming, std::move(place), true));
  Claim::State state;
  state.replace = true;
  state.becomes = place.path;
  again_.insert(place.path);
  return std::optional<Claim>(std::in_place, *this,
                              fmt::format(".leat-{:016x}-{}", text::hash64(naming.source()), record.id),
                              std::move(state));
}

// A file that an earlier run has left, or somebody else.
Result<std::optional<Save::Claim>> Save::take_standing(Record& record, const Naming& naming, Place place,
                                                       bool late) {
  if (args_.if_changed) {
    auto version = io::version_of(directory_, place.path);
    if (!version) return std::move(version.error());
    Claim claimed = claim_of(naming, std::move(place), true);
    claimed.know(std::move(*version));
    return std::optional<Claim>(std::move(claimed));
  }
  if (args_.on_exist == OnExist::overwrite)
    return std::optional<Claim>(claim_of(naming, std::move(place), true));
  if (!keeps_files()) return Error(Errc::file_exists, "\"" + shown(place.path) + "\" is there already");
  if (record.expected.all().empty()) return skip(record, naming, place.path);
  // A body that has come already has been compared with its sums.
  Claim claimed = claim_of(naming, std::move(place), true);
  if (!late) claimed.compare_first();
  return std::optional<Claim>(std::move(claimed));
}

// Of one URL in all runs, so that it may be gone on with; not twice in one.
Result<std::optional<Save::Claim>> Save::take_hidden(const Record& record) {
  std::string path = fmt::format(".leat-{:016x}", text::hash64(record.request.url.text()));
  if (flying_.contains(path)) path += fmt::format("-{}", record.id);
  Claim::State state;
  state.provisional = true;
  if (args_.on_exist == OnExist::resume) {
    auto standing = io::look_at(directory_, path);
    if (!standing) return standing.error();
    state.standing = *standing;
  }
  return std::optional<Claim>(std::in_place, *this, std::move(path), std::move(state));
}

Result<std::optional<Save::Claim>> Save::renamed(const Naming& naming, const std::string& path) {
  constexpr unsigned kMost = 9'999'999;
  for (unsigned& number = last_number_[path]; number < kMost;) {
    auto next = place(numbered(path, ++number));
    if (!next) return std::move(next.error());
    if (names_.is_taken((*next).path) || (*next).standing.file) continue;
    if (auto refused = refuse_own(*next)) return std::move(*refused);
    return std::optional<Claim>(claim_of(naming, std::move(*next), false));
  }
  return Error(Errc::file_exists, "no free number for \"" + shown(path) + "\"");
}

}  // namespace leat::pipelines
