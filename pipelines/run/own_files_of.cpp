#include "pipelines/run/own_files_of.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "engine/text/printable.hpp"
#include "pipelines/options/checksum_file.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/plan/for_each_fetch.hpp"
#include "pipelines/plan/stage_row.hpp"
#include "pipelines/run/run_job.hpp"

namespace leat::pipelines {

namespace {

void add_input(OwnFiles& own, const std::string& path) {
  struct stat status {};
  if (path == "-" && ::fstat(STDIN_FILENO, &status) == 0) own.add("the list", io::id_of(status));
  own.add("the list", path);
}

// What a jar must not take the place of.
OwnFiles own_files_but_jars(const Plan& plan) {
  OwnFiles own;
  for (const auto& stage : plan.stages) add_input(own, stage.args.row().facts(stage.args).input);
  if (plan.state && !is_job(plan.state->path)) {
    for (const char* ending : {"", "-wal", "-shm", "-journal"})
      own.add("the journal", plan.state->path + ending);
  }
  for_each_fetch(plan, [&own](const FetchArgs& args) {
    if (args.checksums) own.add("the list of checksums", args.checksums->path());
  });
  return own;
}

}  // namespace

OwnFiles own_files_of(const Plan& plan) {
  OwnFiles own = own_files_but_jars(plan);
  for_each_fetch(plan, [&own](const FetchArgs& args) {
    own.add("the cookie jar", args.client.wire.cookie_jar);
    for (const auto& cookies : args.client.wire.cookies) {
      if (!http::is_cookie_data(cookies)) own.add("the file of cookies", cookies);
    }
  });
  return own;
}

Status check_cookie_jars(const Plan& plan) {
  const OwnFiles own = own_files_but_jars(plan);
  Status refused;
  for_each_fetch(plan, [&](const FetchArgs& args) {
    const auto& jar = args.client.wire.cookie_jar;
    const auto id = jar.empty() ? std::nullopt : io::id_of(jar);
    const std::string what = id ? own.what_is(*id) : std::string();
    if (what.empty() || refused) return;
    refused =
        Error(Errc::file_error, text::in_quotes(jar, 400) + " is " + what +
                                    " of this run, and the cookie jar would overwrite it; take another file");
  });
  return refused;
}

}  // namespace leat::pipelines
