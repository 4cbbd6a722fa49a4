#include "pipelines/stages/sink/save.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/http/message/content_disposition.hpp"
#include "engine/http/message/http_date.hpp"
#include "engine/http/message/url_parts.hpp"
#include "engine/http/redirect.hpp"
#include "engine/io/file_writer.hpp"
#include "engine/text/hash.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/result/file_name.hpp"
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

Error taken_by_this_run(const std::string& shown) {
  return Error(Errc::file_exists, "this run already writes \"" + shown + "\" for another URL");
}

std::string shown_path(const std::string& base, const std::string& path) {
  if (base == ".") return path;
  return base.ends_with('/') ? base + path : base + "/" + path;
}

// The whole body is there already.
Status save_bytes(Save::Claim& claim, const Record& record) {
  auto file = io::FileWriter::create(claim.base(), claim.path(), claim.standing());
  if (!file) return file.error();
  if (auto error = file->write(record.body_as_it_came())) return error;
  describe_file(*file, claim.owner().args(), record);
  if (auto error = file->commit(claim.replace())) return error;
  claim.written();
  return std::nullopt;
}

}  // namespace

void describe_file(io::FileWriter& file, const SaveArgs& args, const Record& record) {
  if (!record.response) return;
  const auto& headers = record.response->head.headers;
  if (args.remote_time) {
    const auto field = headers.find("last-modified");
    if (const auto time = field ? http::parse_http_date(*field) : std::nullopt) file.set_modified(*time);
  }
  if (!args.if_changed) return;
  if (const auto etag = headers.find("etag"); etag && !etag->empty()) file.set_etag(std::string(*etag));
}

void Save::Claim::take_etag(const io::FileVersion& saved) {
  const bool is_that = saved.size == state_.version.size && saved.modified == state_.version.modified;
  if (state_.known && is_that) state_.known->etag = saved.etag;
}

std::string Save::Claim::shown() const { return shown_path(base().path(), path_); }

Result<std::unique_ptr<Save>> Save::make(const SaveArgs& args) {
  std::optional<NameTemplate> compiled;
  if (!args.file_template.empty()) {
    auto result = NameTemplate::compile(args.file_template);
    if (!result) return result.error();
    compiled = std::move(*result);
  }
  return std::unique_ptr<Save>(new Save(args, std::move(compiled)));
}

bool Save::is_late(const NameTemplate& name) const {
  return args_.remote_name || !name.is_known_before_response();
}

Result<std::optional<NameTemplate>> Save::own_template(const Record& record) const {
  if (record.output.empty()) return std::optional<NameTemplate>();
  auto own = NameTemplate::compile(record.output);
  if (!own) return own.error();
  return std::optional<NameTemplate>(std::move(*own));
}

Result<std::string> Save::path_of(const Record& record, const NameTemplate* own) const {
  auto url = http::parse_url(record.request.url.text());
  if (!url) return url.error();
  NameSource source;
  source.host = url->host;
  source.path = url->path;
  source.line = record.line;
  source.id = record.id;
  source.sha256 = record.digests.find(DigestKind::sha256);
  if (args_.remote_name && record.response) {
    const auto field = record.response->head.headers.find("content-disposition");
    if (field) source.name = http::disposition_filename(*field);
  }
  RecordView view;
  view.look_at(record);
  source.record = &view;
  if (own == nullptr) return expand_name(*template_, source);
  auto path = expand_name(*own, source);
  if (!path) return path;
  return confined(shown_path(own->base(), *path));
}

Result<std::optional<Save::Claim>> Save::claim(Record& record) {
  if (!template_ && record.output.empty()) return std::optional<Claim>();
  auto own = own_template(record);
  if (!own) return own.error();
  if (is_late(*own ? **own : *template_)) return take_hidden(record);
  auto path = path_of(record, *own ? &**own : nullptr);
  if (!path) return path.error();
  return take(record, std::move(*path), false);
}

Result<std::optional<Save::Claim>> Save::claim_final(Record& record) {
  auto own = own_template(record);
  if (!own) return own.error();
  auto path = path_of(record, *own ? &**own : nullptr);
  if (!path) return path.error();
  return take(record, std::move(*path), (*own ? **own : *template_).names_content());
}

std::optional<Save::Claim> Save::skip(Record& record, const std::string& path) const {
  record.outcome = Outcome::skipped;
  record.filename = shown_path(directory_.path(), path);
  return std::nullopt;
}

Result<std::optional<Save::Claim>> Save::take(Record& record, std::string path, bool is_content) {
  const OnExist how = args_.on_exist;
  const bool keeps = how == OnExist::resume || how == OnExist::skip;
  const bool taken = taken_.contains(path);
  if (taken && is_content && keeps) return skip(record, path);  // it is the same
  if (taken && how != OnExist::rename) return taken_by_this_run(shown_path(directory_.path(), path));
  Claim::State state;
  state.replace = how == OnExist::overwrite;
  if (how != OnExist::overwrite || args_.if_changed) {
    auto standing = io::look_at(directory_, path);
    if (!standing) return standing.error();
    const bool exists = (*standing).file;
    state.standing = *standing;
    if (how == OnExist::rename && (taken || exists)) return renamed(path);
    if (exists && args_.if_changed) {
      auto version = io::version_of(directory_, path);
      if (!version) return version.error();
      state.replace = true;
      state.known = http::Validators{(*version).etag, http::http_date((*version).modified)};
      state.version = std::move(*version);
    } else if (exists && keeps) {
      return skip(record, path);
    } else if (exists) {
      return Error(Errc::file_exists, "\"" + shown_path(directory_.path(), path) + "\" is there already");
    }
  }
  taken_.insert(path);
  return std::optional<Claim>(std::in_place, *this, std::move(path), std::move(state));
}

// Of one URL in all runs, so that it may be gone on with; not twice in one.
Result<std::optional<Save::Claim>> Save::take_hidden(const Record& record) {
  std::string path = fmt::format(".leat-{:016x}", text::hash64(record.request.url.text()));
  if (taken_.contains(path)) path += fmt::format("-{}", record.id);
  Claim::State state;
  state.provisional = true;
  if (args_.on_exist == OnExist::resume) {
    auto standing = io::look_at(directory_, path);
    if (!standing) return standing.error();
    state.standing = *standing;
  }
  taken_.insert(path);
  return std::optional<Claim>(std::in_place, *this, std::move(path), std::move(state));
}

Result<std::optional<Save::Claim>> Save::renamed(const std::string& path) {
  constexpr unsigned kMost = 9'999'999;
  for (unsigned& number = last_number_[path]; number < kMost;) {
    std::string next = numbered(path, ++number);
    if (taken_.contains(next)) continue;
    auto standing = io::look_at(directory_, next);
    if (!standing) return standing.error();
    if ((*standing).file) continue;
    taken_.insert(next);
    Claim::State state;
    state.standing = *standing;
    return std::optional<Claim>(std::in_place, *this, std::move(next), std::move(state));
  }
  return Error(Errc::file_exists, "no free number for \"" + shown_path(directory_.path(), path) + "\"");
}

async::Task<void> Save::apply(Record& record) {
  if (record.outcome != Outcome::ok || !record.body) co_return;
  if (!template_ && record.output.empty()) co_return;
  if (auto error = record.response ? http::unfollowed_redirect(record.response->head) : std::nullopt) {
    record.fail(std::move(*error), "save");
    co_return;
  }
  if (record.digests.find(DigestKind::sha256).empty()) {
    Digest digest;
    digest.update(record.body_as_it_came());
    record.digests.put(DigestKind::sha256, digest.finish());
  }
  auto claimed = claim_final(record);
  if (!claimed) {
    record.fail(std::move(claimed.error()), "save");
    co_return;
  }
  if (!*claimed) co_return;
  Status status = save_bytes(**claimed, record);
  if (status) {
    record.fail(std::move(*status), "save");
  } else {
    record.filename = (*claimed)->shown();
  }
}

namespace {

constexpr std::array<std::string_view, 5> kHow{"resume", "skip", "overwrite", "rename", "fail"};

std::optional<std::string> verify_save(const BoundStage& stage) {
  const StageArgs bound = row_of(SaveArgs()).bind(stage);
  const auto& args = *bound.get_if<SaveArgs>();
  if (!args.if_changed || args.on_exist == OnExist::resume || args.on_exist == OnExist::overwrite)
    return std::nullopt;
  return "if-changed= replaces a file that has changed: it takes on-exist=resume or overwrite";
}

// A fetch before it may write its files as the bytes come, unless the name is made of the whole body.
bool takes_streams(const SaveArgs& args) {
  if (args.file_template.empty()) return true;
  const auto compiled = NameTemplate::compile(args.file_template);
  return compiled && !compiled.value().reads_body();
}

std::string notes_of(const SaveArgs& args) {
  if (args.file_template.empty()) return "needs output";
  const auto compiled = NameTemplate::compile(args.file_template);
  return compiled ? fields_note(compiled.value().fields()) : "";
}

}  // namespace

const StageRow& row_of(const SaveArgs& /*args*/) noexcept {
  static const StageType<SaveArgs> row({
      .signature = {.name = "save",
                    .kind = StageKind::record,
                    .help = "writes the body to a file and passes the record on",
                    .example = "lines \"urls.txt\" | fetch | save \"out/{host}/{name}\" on-exist=overwrite",
                    .verify = verify_save},
      .args = {arg<&SaveArgs::file_template>({.name = "TEMPLATE",
                                              .type = ArgType::text,
                                              .help = "the file's name: \"out/{host}/{name}\" (default the "
                                                      "record's own output; without it nothing is saved)",
                                              .check = check_name_template}),
               arg<&SaveArgs::on_exist>(
                   {.key = "on-exist",
                    .name = "HOW",
                    .type = ArgType::word,
                    .help = "if the file is there: resume, skip, overwrite, rename or fail (default resume)",
                    .choices = kHow}),
               arg<&SaveArgs::remote_name>(
                   {.key = "remote-name",
                    .name = "BOOL",
                    .type = ArgType::flag,
                    .help = "take {name} from Content-Disposition, if it has one (default false)"}),
               arg<&SaveArgs::remote_time>(
                   {.key = "remote-time",
                    .name = "BOOL",
                    .type = ArgType::flag,
                    .help = "the file's time is that of Last-Modified (default true)"}),
               arg<&SaveArgs::durable>(
                   {.key = "durable",
                    .name = "BOOL",
                    .type = ArgType::flag,
                    .help = "sync the file to the disk before its record goes on (default false)"}),
               arg<&SaveArgs::if_changed>(
                   {.key = "if-changed",
                    .name = "BOOL",
                    .type = ArgType::flag,
                    .help = "fetch a file that is there again if it has changed (default false)"})},
      .make = [](const SaveArgs& args, RunContext&) -> Result<AnyStage> {
        auto made = Save::make(args);
        if (!made) return made.error();
        return AnyStage(std::unique_ptr<RecordStage>(std::move(*made)));
      },
      .facts =
          [](const SaveArgs& args) {
            return StageFacts{.reads_body = true,
                              .ends_by_itself = true,
                              .reach = 0,
                              .reads_bytes = true,
                              .takes_streams = takes_streams(args),
                              .asks_again = args.if_changed};
          },
      .notes = notes_of,
      .check = [](const SaveArgs& args) -> Status {
        if (args.file_template.empty()) return std::nullopt;
        if (auto compiled = NameTemplate::compile(args.file_template); !compiled) return compiled.error();
        return std::nullopt;
      },
  });
  return row;
}

}  // namespace leat::pipelines
