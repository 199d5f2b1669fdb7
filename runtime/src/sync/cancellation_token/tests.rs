//! What the tree keeps, which cannot be seen from outside.

use super::CancellationToken;

#[test]
fn generations_that_nobody_holds_leave_nothing() {
    let root = CancellationToken::new();
    let mut last = root.child_token();
    for _ in 0..1_000 {
        last = last.child_token();
    }
    assert_eq!((root.links(), last.links()), ((false, 1), (true, 0)));
    assert!(last.is_child_of(&root), "no generation is between");
    root.cancel();
    assert!(last.is_cancelled());
    assert_eq!((root.links(), last.links()), ((false, 0), (false, 0)));
}

#[test]
fn a_parent_that_nobody_holds_stays_while_it_has_two_children() {
    let root = CancellationToken::new();
    let middle = root.child_token();
    let (first, second) = (middle.child_token(), middle.child_token());
    drop(middle);
    assert!(!first.is_child_of(&root));
    drop(first);
    assert!(second.is_child_of(&root), "it has moved up");
}

#[test]
fn the_only_child_of_a_root_that_nobody_holds_is_a_root() {
    let root = CancellationToken::new();
    let (first, second) = (root.child_token(), root.child_token());
    drop(root);
    assert_eq!(first.links(), (true, 0));
    second.cancel();
    assert_eq!(first.links(), (false, 0));
    assert!(!first.is_cancelled());
}
