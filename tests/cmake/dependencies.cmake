# Every library that leat uses, each found where Debian 12 puts it and, where missing, named with its package.

find_package(PkgConfig QUIET)
if(NOT PkgConfig_FOUND)
  message(FATAL_ERROR "pkg-config is missing; on Debian: apt-get install pkg-config")
endif()
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# leat_pkg(NAME MODULE PACKAGE): the imported target leat::NAME from the pkg-config module MODULE.
function(leat_pkg name module package)
  pkg_check_modules(${name} QUIET IMPORTED_TARGET GLOBAL ${module})
  if(NOT ${name}_FOUND)
    message(FATAL_ERROR "${module} is missing; on Debian: apt-get install ${package}")
  endif()
  add_library(leat::${name} ALIAS PkgConfig::${name})
endfunction()

# leat_header(NAME HEADER PACKAGE): the target leat::NAME of a library that is headers only.
function(leat_header name header package)
  find_path(${name}_INCLUDE ${header})
  if(NOT ${name}_INCLUDE)
    message(FATAL_ERROR "${header} is missing; on Debian: apt-get install ${package}")
  endif()
  add_library(leat_${name} INTERFACE)
  target_include_directories(leat_${name} SYSTEM INTERFACE ${${name}_INCLUDE})
  add_library(leat::${name} ALIAS leat_${name})
endfunction()

# leat_lib(NAME HEADER LIBRARIES PACKAGE): the target leat::NAME of a library without a pkg-config module, which is the
# first of those names that is there.
function(leat_lib name header library package)
  leat_header(${name} ${header} ${package})
  find_library(${name}_LIBRARY NAMES ${library})
  if(NOT ${name}_LIBRARY)
    message(FATAL_ERROR "lib${name} is missing; on Debian: apt-get install ${package}")
  endif()
  target_link_libraries(leat_${name} INTERFACE ${${name}_LIBRARY})
endfunction()

# leat_archive(NAME): leat::NAME from its package's archive, if that has one, and what it stands on likewise (RE2 of
# Debian 13 on Abseil). Each shared library costs every start of leat its loading and its relocations (SQLite's are 1,600).
function(leat_archive name)
  get_target_property(libraries PkgConfig::${name} INTERFACE_LINK_LIBRARIES)
  list(REVERSE libraries)  # of those named twice, the last stands behind all that want it
  list(REMOVE_DUPLICATES libraries)
  list(REVERSE libraries)
  set(found)
  foreach(library ${libraries})
    string(REGEX REPLACE "\\.so$" ".a" archive ${library})
    if(library MATCHES "/lib(gumbo|re2|sqlite3|lzma|absl_[a-z0-9_]+)\\.so$" AND EXISTS ${archive})
      set(library ${archive})
    endif()
    list(APPEND found ${library})
  endforeach()
  set_property(TARGET PkgConfig::${name} PROPERTY INTERFACE_LINK_LIBRARIES ${found} m)
endfunction()

# leat_headers_of(NAME): leat::NAME_headers, for who loads the library only when it's needed (engine/io/shared_library).
function(leat_headers_of name)
  add_library(leat_${name}_headers INTERFACE)
  target_include_directories(leat_${name}_headers SYSTEM INTERFACE ${${name}_INCLUDE_DIRS})
  add_library(leat::${name}_headers ALIAS leat_${name}_headers)
endfunction()

leat_pkg(curl libcurl>=7.88 libcurl4-openssl-dev)
leat_pkg(uv libuv>=1.44 libuv1-dev)
leat_pkg(fmt fmt>=9 libfmt-dev)
leat_headers_of(fmt)  # see engine/text/format_library
leat_pkg(crypto libcrypto>=3 libssl-dev)
leat_pkg(ssl libssl>=3 libssl-dev)
leat_header(cli11 CLI/CLI.hpp libcli11-dev)
leat_lib(jq jq.h jq libjq-dev)
leat_pkg(gumbo gumbo libgumbo-dev)
leat_pkg(xml2 libxml-2.0 libxml2-dev)
leat_headers_of(xml2)
leat_pkg(re2 re2 libre2-dev)
leat_pkg(sqlite sqlite3 libsqlite3-dev)
leat_pkg(zlib zlib zlib1g-dev)
leat_pkg(brotli libbrotlidec libbrotli-dev)
leat_pkg(zstd libzstd libzstd-dev)
leat_pkg(lzma liblzma liblzma-dev)
foreach(name gumbo re2 sqlite lzma)
  leat_archive(${name})
endforeach()
find_library(uv_ARCHIVE NAMES libuv_a.a libuv.a)  # see leat_archive; Debian 12 has the first name
if(uv_ARCHIVE)
  set_property(TARGET PkgConfig::uv PROPERTY INTERFACE_LINK_LIBRARIES ${uv_ARCHIVE} dl rt)
endif()
leat_lib(bz2 bzlib.h "libbz2.a;bz2" libbz2-dev)  # see leat_archive
leat_pkg(idn2 libidn2 libidn2-dev)  # libcurl loads this and the next anyway
leat_pkg(nghttp2 libnghttp2>=1.52 libnghttp2-dev)
find_library(hiredis_LIBRARY NAMES libhiredis.a hiredis)  # the archive, for the reason that leat_archive gives
leat_lib(hiredis hiredis/hiredis.h hiredis libhiredis-dev)
if(LEAT_TESTS)
  leat_header(doctest doctest/doctest.h doctest-dev)
  leat_header(rapidjson rapidjson/document.h rapidjson-dev)
  find_package(benchmark QUIET)
  if(NOT benchmark_FOUND)
    message(FATAL_ERROR "Google Benchmark is missing; on Debian: apt-get install libbenchmark-dev")
  endif()
endif()
