//! The watchdog with real processes: death, hang, breaker, adoption, start and stop; and its arithmetic.

mod restarts;
mod small_system;

use small_system::{System, eventually, kill_now};

fn says(output: &std::process::Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let says = stdout.split_once("SAYS ").map(|(_, says)| says);
    says.unwrap_or_else(|| panic!("it said nothing: {output:?}"))
        .trim()
        .to_owned()
}

fn up(system: &System) -> u32 {
    let output = system.up();
    let answer = says(&output);
    assert!(output.status.success(), "{answer}");
    answer.split_once(' ').unwrap().1.parse().unwrap()
}

#[test]
fn up_starts_once_and_down_stops_all() {
    let system = System::new();
    let kernel = up(&system);
    let running = system.running();
    assert_eq!(running.kernel, Some(kernel));
    assert_eq!(says(&system.up()), format!("true {kernel}"));
    assert_eq!(
        system.running(),
        running,
        "a second `up` must change nothing"
    );
    assert_eq!(system.seen("start"), ["restarts=0 safe=false profile=true"]);
    assert_eq!(says(&system.run("down")), "Gracefully");
    assert!(system.running().nothing());
    assert_eq!(says(&system.run("down")), "WasNotRunning");
}

#[test]
fn a_killed_kernel_is_started_again_and_no_mission_is_lost_or_doubled() {
    let system = System::new();
    let mut kernel = up(&system);
    let mut told = Vec::new();
    for round in 0..3 {
        for line in 0..5 {
            let text = format!("mission {round}.{line}");
            system.say(&format!("{text}\n"));
            told.push(text);
        }
        // All that was handed out is seen to be kept, then the kernel dies; the next lines find none.
        eventually("the missions so far", || {
            (system.seen("mission").len() == told.len()).then_some(())
        });
        kill_now(kernel);
        let text = format!("said to nobody {round}");
        system.say(&format!("{text}\n"));
        told.push(text);
        let status = system.status_after(kernel);
        assert_eq!(status.restarts, round + 1);
        assert!(!status.safe_mode);
        kernel = status.kernel_pid;
    }
    eventually("the last mission", || {
        (system.seen("mission").len() == told.len()).then_some(())
    });
    assert_eq!(system.seen("mission"), told);
    assert!(system.log().contains("kernel.died"), "{}", system.log());
}

#[test]
fn a_killed_watchdog_takes_nothing_with_it_and_the_next_adopts_the_kernel() {
    let system = System::new();
    let kernel = up(&system);
    let watchdog = system.running().watchdog.unwrap();
    kill_now(watchdog);
    eventually("the watchdog's end", || {
        system.running().watchdog.is_none().then_some(())
    });
    assert_eq!(system.status().unwrap().kernel_pid, kernel);

    assert_eq!(says(&system.up()), format!("true {kernel}"));
    let adopter = eventually("the next watchdog", || system.running().watchdog);
    assert_ne!(adopter, watchdog);
    eventually("the adoption", || {
        system.log().contains("kernel.adopted").then_some(())
    });
    assert_eq!(
        system.seen("start").len(),
        1,
        "there must never be a second kernel"
    );

    system.say("through the next watchdog\n");
    eventually("the mission", || system.seen("mission").pop());
    kill_now(kernel);
    assert_eq!(system.status_after(kernel).restarts, 1);
    assert_eq!(says(&system.run("down")), "Gracefully");
    assert!(system.running().nothing());
}

#[test]
fn down_without_a_watchdog_stops_the_kernel() {
    let system = System::new();
    up(&system);
    kill_now(system.running().watchdog.unwrap());
    eventually("the watchdog's end", || {
        system.running().watchdog.is_none().then_some(())
    });
    assert_eq!(says(&system.run("down")), "Gracefully");
    assert!(system.running().nothing());
}

#[test]
fn an_adopted_kernel_that_stops_ends_the_watchdog_too() {
    let system = System::new();
    up(&system);
    kill_now(system.running().watchdog.unwrap());
    eventually("the watchdog's end", || {
        system.running().watchdog.is_none().then_some(())
    });
    up(&system);
    eventually("the adoption", || {
        system.log().contains("kernel.adopted").then_some(())
    });
    let mut connection = batos::wire::socket::connect_sync(&system.home.socket()).unwrap();
    connection
        .request(batos::wire::messages::Request::Stop)
        .unwrap();
    eventually("the end of both", || {
        system.running().nothing().then_some(())
    });
    assert_eq!(system.seen("start").len(), 1);
}

#[test]
fn a_hanging_kernel_is_ended_and_started_again() {
    let system = System::new();
    let kernel = up(&system);
    eventually("the first probe", || {
        system.log().contains("kernel.ready").then_some(())
    });
    system.steer("hang");
    eventually("the hang's discovery", || {
        system.log().contains("kernel.hung").then_some(())
    });
    system.steer_back("hang");
    assert!(system.status_after(kernel).restarts >= 1);
}

#[test]
fn five_deaths_open_the_breaker_and_missions_wait() {
    let system = System::new();
    let kernel = up(&system);
    system.steer("die");
    kill_now(kernel);
    let status = system.status_after(kernel);
    assert!(status.safe_mode);
    assert_eq!(status.restarts, 5);
    assert!(system.log().contains("breaker.open"), "{}", system.log());

    system.say("not now\n");
    system.steer_back("die");
    assert_eq!(says(&system.run("down")), "Gracefully");
    assert_eq!(system.seen("mission"), [""; 0]);
}

#[test]
fn a_kernel_that_never_comes_up_is_given_up_with_its_reason() {
    let system = System::new();
    system.steer("die-always");
    let output = system.up();
    assert!(!output.status.success());
    let answer = says(&output);
    assert!(answer.contains("the watchdog ended at once"), "{answer}");
    assert!(
        answer.contains("the kernel ended 10 times and never came up"),
        "{answer}"
    );
    assert!(system.running().nothing());
    let output = std::fs::read_to_string(system.home.kernel_log()).unwrap();
    assert_eq!(output.matches("told to die").count(), 10);
}

#[test]
fn a_second_watchdog_says_who_is_at_work() {
    let system = System::new();
    up(&system);
    let first = system.running().watchdog.unwrap();
    let output = system.run("watchdog");
    assert!(!output.status.success());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains(&format!("process {first} already runs here")),
        "{stderr}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn the_system_has_a_session_of_its_own_and_nothing_of_the_front_end() {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::{Pid, getsid};

    let system = System::new();
    // A file that the front-end inherited without knowing.
    let script = format!(
        "exec 9</dev/zero; exec '{}' up --home '{}'",
        system.program().display(),
        system.home.root.display()
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let running = system.running();
    let (watchdog, kernel) = (running.watchdog.unwrap(), running.kernel.unwrap());
    for pid in [watchdog, kernel] {
        let files: Vec<_> = std::fs::read_dir(format!("/proc/{pid}/fd"))
            .unwrap()
            .filter_map(|file| std::fs::read_link(file.unwrap().path()).ok())
            .collect();
        assert!(
            !files.iter().any(|file| file.ends_with("zero")),
            "{files:?}"
        );
        let pid = Pid::from_raw(pid.try_into().unwrap());
        assert_eq!(getsid(Some(pid)).unwrap().as_raw(), watchdog as i32);
        kill(pid, Signal::SIGHUP).unwrap();
    }
    assert_eq!(system.status().unwrap().kernel_pid, kernel);
    assert_eq!(system.running(), running, "a closed line must end nothing");
}
