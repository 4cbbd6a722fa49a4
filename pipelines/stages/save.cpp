#include "pipelines/stages/save.hpp"

#include "engine/http/url.hpp"
#include "engine/io/file_writer.hpp"
#include "pipelines/stages/file_name.hpp"
#include "pipelines/stages/record_body.hpp"
#include "pipelines/stages/record_view.hpp"

namespace leat::pipelines {

namespace {

const std::string kHere = ".";

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

}  // namespace

std::string shown_path(const std::string& base, const std::string& path) {
  if (base == ".") return path;
  return base.ends_with('/') ? base + path : base + "/" + path;
}

Result<std::unique_ptr<Save>> Save::make(const SaveArgs& args) {
  std::optional<NameTemplate> compiled;
  if (!args.file_template.empty()) {
    auto result = NameTemplate::compile(args.file_template);
    if (!result) return result.error();
    compiled = std::move(*result);
  }
  return std::unique_ptr<Save>(new Save(args, std::move(compiled)));
}

const std::string& Save::base() const noexcept { return template_ ? template_->base() : kHere; }

Result<std::string> Save::path_of(const Record& record) const {
  auto url = http::parse_url(record.request.url);
  if (!url) return url.error();
  NameSource source;
  source.host = url->host;
  source.path = url->path;
  source.line = record.line;
  source.id = record.id;
  RecordView view;
  view.look_at(record);
  source.record = &view;
  if (record.output.empty()) return expand_name(*template_, source);
  auto own = NameTemplate::compile(record.output);
  if (!own) return own.error();
  auto path = expand_name(*own, source);
  if (!path) return path;
  return confined(shown_path(own->base(), *path));
}

Result<std::optional<Save::Claim>> Save::claim(Record& record) {
  if (!template_ && record.output.empty()) return std::optional<Claim>();
  auto path = path_of(record);
  if (!path) return path.error();
  const bool taken = taken_.contains(*path);
  if (taken && on_exist_ != OnExist::rename) return taken_by_this_run(shown_path(base(), *path));
  bool has_note = false;
  if (on_exist_ != OnExist::overwrite) {
    auto standing = io::look_at(base(), *path);
    if (!standing) return standing.error();
    const bool exists = (*standing).file;
    has_note = (*standing).note && on_exist_ == OnExist::resume;
    if (on_exist_ == OnExist::rename && (taken || exists)) return renamed(*path);
    if (exists && on_exist_ != OnExist::fail) {
      record.outcome = Outcome::skipped;
      record.filename = shown_path(base(), *path);
      return std::optional<Claim>();
    }
    if (exists) return Error(Errc::file_exists, "\"" + shown_path(base(), *path) + "\" is there already");
  }
  taken_.insert(*path);
  return std::optional<Claim>(std::in_place, *this, std::move(*path), on_exist_ == OnExist::overwrite,
                              has_note);
}

Result<std::optional<Save::Claim>> Save::renamed(const std::string& path) {
  constexpr unsigned kMost = 9'999'999;
  for (unsigned& number = last_number_[path]; number < kMost;) {
    std::string next = numbered(path, ++number);
    if (taken_.contains(next)) continue;
    auto standing = io::look_at(base(), next);
    if (!standing) return standing.error();
    if ((*standing).file) continue;
    taken_.insert(next);
    return std::optional<Claim>(std::in_place, *this, std::move(next), false, false);
  }
  return Error(Errc::file_exists, "no free number for \"" + shown_path(base(), path) + "\"");
}

async::Task<void> Save::apply(Record& record) {
  if (record.outcome != Outcome::ok || !record.body) co_return;
  auto claimed = claim(record);
  if (!claimed) {
    record.fail(std::move(claimed.error()), "save");
    co_return;
  }
  if (!*claimed) co_return;
  Status status = save_bytes(**claimed, *record.body);
  if (status) {
    record.fail(std::move(*status), "save");
  } else {
    record.filename = shown_path((*claimed)->base(), (*claimed)->path());
  }
}

}  // namespace leat::pipelines
