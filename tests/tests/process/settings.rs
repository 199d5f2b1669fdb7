//! What a command sets for its child.

use std::process::Stdio;

use runtime::process::Command;
use runtime_tests::flavor::{Flavor, on_every_flavor};
use runtime_tests::reported;

use crate::children::sh;

async fn said(command: &mut Command) -> String {
    let output = command.output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout)
        .unwrap()
        .trim_end()
        .to_owned()
}

#[test]
fn arguments_environment_and_directory_reach_the_child() {
    Flavor::CurrentThread.build().block_on(async {
        let mut echo = Command::new("echo");
        assert_eq!(said(echo.arg("a b").args(["c", "d"])).await, "a b c d");
        let script = "echo $A $B $C $HOME; pwd";
        let mut command = sh(script);
        command
            .env("A", "1")
            .envs([("B", "2"), ("C", "3")])
            .env_remove("C")
            .env_remove("HOME");
        assert_eq!(said(command.current_dir("/")).await, "1 2\n/");
        let mut command = sh("echo ${PATH:+path} $A");
        assert_eq!(said(command.env("A", "1")).await, "path 1");
        let mut command = Command::new("/usr/bin/env");
        assert_eq!(said(command.env_clear().env("A", "1")).await, "A=1");
    });
}

#[test]
fn the_unix_settings_reach_the_child() {
    Flavor::CurrentThread.build().block_on(async {
        assert_eq!(said(sh("echo $0").arg0("other")).await, "other");
        let mut command = sh("cut -d' ' -f5 /proc/$$/stat; echo $$");
        let ids = said(command.process_group(0)).await;
        let mut ids = ids.split_whitespace();
        assert_eq!(ids.next(), ids.next());
        // SAFETY: getuid and getgid cannot fail.
        let (user, group) = unsafe { (libc::getuid(), libc::getgid()) };
        let ids = said(sh("id -u; id -g").uid(user).gid(group)).await;
        assert_eq!(ids, format!("{user}\n{group}"));
    });
}

#[test]
fn a_function_before_the_program_runs_in_the_child_and_may_fail() {
    Flavor::CurrentThread.build().block_on(async {
        let mut command = sh("umask");
        // SAFETY: umask is a bare system call.
        unsafe {
            command.pre_exec(|| {
                libc::umask(0o027);
                Ok(())
            })
        };
        assert_eq!(said(&mut command).await, "0027");
        // SAFETY: it does nothing at all.
        unsafe { command.pre_exec(|| Err(std::io::Error::from_raw_os_error(libc::EXDEV))) };
        let error = command.spawn().unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::EXDEV));
    });
}

#[test]
fn a_command_goes_to_the_standard_library_and_back() {
    let mut command = Command::from(std::process::Command::new("echo"));
    assert!(!command.get_kill_on_drop());
    command.kill_on_drop(true).as_std_mut().arg("hello");
    assert!(command.get_kill_on_drop());
    assert_eq!(command.as_std().get_program(), "echo");
    let output = command.into_std().stdout(Stdio::piped()).output().unwrap();
    assert_eq!(output.stdout, b"hello\n");
}

#[test]
fn a_command_may_be_used_again() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut command = sh("echo hello");
            for _ in 0..3 {
                assert_eq!(said(&mut command).await, "hello");
            }
        });
    });
}

#[test]
fn outside_a_runtime_it_panics_where_it_is_called() {
    for spawn in [
        || drop(Command::new("true").spawn()),
        || drop(Command::new("true").spawn_with(|command| command.spawn())),
        || drop(Command::new("true").status()),
        || drop(Command::new("true").output()),
    ] {
        let report = reported::panic_of(spawn);
        assert!(
            report.message.contains("no runtime is running"),
            "{report:?}"
        );
        assert_eq!(report.file, file!());
    }
}
