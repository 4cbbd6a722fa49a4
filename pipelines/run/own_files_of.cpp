#include "pipelines/run/own_files_of.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "engine/http/message/netrc.hpp"
#include "engine/http/tls/certificate_name.hpp"
#include "engine/http/tls/client_certificate.hpp"
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

// What says who asks and who is trusted.
void add_wire(OwnFiles& own, const http::WireOptions& wire) {
  const bool has_netrc = wire.netrc != http::WireOptions::Netrc::off;
  if (has_netrc) own.add("the netrc", wire.netrc_file.empty() ? http::Netrc::usual_file() : wire.netrc_file);
  own.add("the file of trusted certificates", wire.ca_file);
  if (!http::is_token(wire.cert)) own.add("the certificate", http::split_certificate(wire.cert).first);
  if (!http::is_token(wire.key)) own.add("the key", wire.key);
  if (!wire.pinned_key.starts_with("sha256//")) own.add("the pinned key", wire.pinned_key);
}

// What a jar must not take the place of.
OwnFiles own_files_but_jars(const Plan& plan, const std::vector<std::string>& inputs) {
  OwnFiles own;
  for (const auto& path : inputs) own.add("an input", path);
  for (const auto& stage : plan.stages) add_input(own, stage.args.row().facts(stage.args).input);
  if (plan.state && !is_job(plan.state->path)) {
    for (const char* ending : {"", "-wal", "-shm", "-journal"})
      own.add("the journal", plan.state->path + ending);
  }
  for_each_fetch(plan, [&own](const FetchArgs& args) {
    if (args.checksums) own.add("the list of checksums", args.checksums->path());
    if (args.upload && args.upload->find('{') == std::string::npos) own.add("the upload", *args.upload);
    add_wire(own, args.client.wire);
  });
  return own;
}

}  // namespace

OwnFiles own_files_of(const Plan& plan, const std::vector<std::string>& inputs) {
  OwnFiles own = own_files_but_jars(plan, inputs);
  for_each_fetch(plan, [&own](const FetchArgs& args) {
    own.add("the cookie jar", args.client.wire.cookie_jar);
    for (const auto& cookies : args.client.wire.cookies) {
      if (!http::is_cookie_data(cookies)) own.add("the file of cookies", cookies);
    }
  });
  return own;
}

Status check_files(const Plan& plan, const std::vector<std::string>& inputs) {
  const auto& source = plan.stages.front().args;
  bool sums_come_in = false;
  for_each_fetch(plan, [&](const FetchArgs& args) {
    sums_come_in = sums_come_in || (args.checksums && args.checksums->path() == "-");
  });
  if (sums_come_in && source.row().facts(source).input == "-")
    return Error(Errc::bad_input, "the checksums and the list are both to be read from standard input");
  const OwnFiles own = own_files_but_jars(plan, inputs);
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
